// One quiet live region for the whole page, and the way to a new turn. Text is set as text, never as HTML.
// `sequence` only grows: what has been said once is not said again when the page is drawn again.
export default function (component) {
  const { sequence, message, turn, stage } = component.data;
  let region = document.getElementById("v-live");
  if (!region) {
    region = document.createElement("div");
    region.id = "v-live";
    region.className = "v-unseen";
    region.setAttribute("role", "status");
    region.setAttribute("aria-live", "polite");
    document.body.appendChild(region);
    // The page remembers an opened list of chats; on a phone that would cover the chat one goes to from there.
    window.addEventListener("pagehide", () => {
      const names = window.innerWidth > 768 ? [] : Object.keys(localStorage);
      names.filter((name) => name.startsWith("stSidebarCollapsed-")).forEach((name) => localStorage.removeItem(name));
    });
  }
  if (sequence <= Number(region.dataset.sequence || 0)) return;
  region.dataset.sequence = sequence;
  region.textContent = message;
  const place = document.getElementById(`turn-${turn}`);
  // The first turn takes the welcome's place, at the top.
  const isNew = turn > Number(region.dataset.turn || 1);
  // Before its cards are there, a short turn may have too little below it to be scrolled up.
  const isLow = stage === "cards" && place?.getBoundingClientRect().top > window.innerHeight / 2;
  if (!isNew && !isLow) return;
  region.dataset.turn = turn;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  place?.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
}
