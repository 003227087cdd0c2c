// The hands of a demo: types into the shop's own input so that an audience can read along, waits while an answer is
// looked at, and listens to the presenter's keys. What happens next is decided by the server.
const hands = (window.vitrineHands ??= { cue: "", timers: [] });

function field() {
  return document.querySelector('[data-testid="stChatInput"] textarea');
}

// The input belongs to the page's framework: it hears of a value only in this way.
function write(text) {
  const input = field();
  if (!input) return;
  const setter = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
  setter.call(input, text);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function stop() {
  hands.timers.forEach(clearTimeout);
  hands.timers = [];
  document.querySelectorAll(".v-pressing").forEach((place) => place.classList.remove("v-pressing"));
  if (hands.isTyping) write("");
  hands.isTyping = hands.isWaiting = false;
}

function later(work, ms) {
  hands.timers.push(setTimeout(work, ms));
}

function type({ cue, text, ms_per_char, wait_ms, target }) {
  if (target) {
    const show = () => document.querySelector(target)?.scrollIntoView({ block: "center" });
    const mark = () => document.querySelector(target)?.classList.add("v-pressing");
    show();
    // A scroll to the turn that is still under way would win, and a place that the page draws anew loses its mark.
    later(show, 500);
    for (let ms = 0; ms < wait_ms; ms += 100) later(mark, ms);
  }
  const input = field();
  if (!target && input?.value && document.activeElement === input) {
    // Somebody is writing already: their words stay. Whoever presses Play has left the input.
    later(() => hands.send({ kind: "taken", cue }), 0);
    return;
  }
  hands.isTyping = !target;
  const letters = [...text];
  letters.forEach((_, at) => later(() => write(letters.slice(0, at + 1).join("")), ms_per_char * (at + 1)));
  later(() => {
    stop();
    hands.send({ kind: "typed", cue });
  }, wait_ms);
}

function onKey(event) {
  if (!event.isTrusted || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === field()) {
    // The presenter takes over: what the script was typing makes room, and what it would have typed does not come.
    if ((hands.isTyping || hands.isWaiting) && event.key.length === 1) {
      const cue = hands.cue;
      stop();
      hands.send({ kind: "taken", cue });
    }
    return;
  }
  const isFree = !event.target.closest("input, textarea, button, a, summary, [role='dialog'], [role='combobox']");
  const key = { " ": "toggle", ArrowRight: "next" }[event.key];
  if (!isFree || !key || !document.querySelector(".st-key-stage-bar")) return;
  event.preventDefault();
  hands.send({ kind: "keys", key });
}

export default function (component) {
  const { cue, action } = component.data;
  hands.send = (signal) => component.setTriggerValue("signal", { ...signal, sent: Date.now() });
  if (!hands.isListening) {
    document.addEventListener("keydown", onKey, true);
    hands.isListening = true;
  }
  if (cue === hands.cue) return;
  stop();
  hands.cue = cue;
  if (action === "type") type(component.data);
  hands.isWaiting = action === "wait";
  if (hands.isWaiting) later(() => hands.send({ kind: "waited", cue }), component.data.wait_ms);
}
