// Watches for touches. Before the time is up a countdown asks whether anybody is there; after it the server forgets the
// visitor, and the page is loaded anew so that not even a half-typed word stays.
const state = (window.vitrineKiosk ??= { touchedMs: Date.now() });

function isTyped() {
  return [...document.querySelectorAll("textarea")].some((field) => field.value);
}

function touched() {
  state.touchedMs = Date.now();
  document.getElementById("v-kiosk")?.remove();
}

function show(leftS) {
  let box = document.getElementById("v-kiosk");
  if (!box) {
    box = document.createElement("div");
    box.id = "v-kiosk";
    box.setAttribute("role", "alertdialog");
    box.setAttribute("aria-labelledby", "v-kiosk-told");
    const told = document.createElement("p");
    told.id = "v-kiosk-told";
    const stay = document.createElement("button");
    stay.type = "button";
    stay.textContent = "I am still here";
    box.append(told, stay);
    document.body.append(box);
    stay.focus();
  }
  box.firstChild.textContent = `Starting over in ${leftS} s. What you asked will be forgotten.`;
}

export default function (component) {
  const { home, is_over } = component.data;
  if (is_over) {
    window.location.replace(home);
    return;
  }
  state.data = component.data;
  state.tell = () => component.setTriggerValue("idle", Date.now());
  if (state.timer) return;
  for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    document.addEventListener(kind, touched, { passive: true, capture: true });
  }
  state.timer = setInterval(() => {
    const { idle_s, countdown_s, is_fresh } = state.data;
    if (is_fresh && !isTyped() && !document.querySelector('[role="dialog"]')) {
      state.touchedMs = Date.now();
      return;
    }
    const leftS = Math.ceil(idle_s - (Date.now() - state.touchedMs) / 1000);
    if (leftS <= 0) {
      clearInterval(state.timer);
      document.getElementById("v-kiosk")?.remove();
      state.tell();
    } else if (leftS <= countdown_s) {
      show(leftS);
    }
  }, 500);
}
