// After a pause in typing, the keys that make Streamlit take over a text are pressed for whoever types.
const PAUSE_MS = 600;
export default function (component) {
  const { place } = component.data;
  let timer;
  const typed = (event) => {
    if (!event.target.closest?.(`.st-key-${place}`) || event.isComposing) return;
    clearTimeout(timer);
    const field = event.target;
    timer = setTimeout(() => {
      const keys = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent("keydown", keys));
      field.dispatchEvent(new KeyboardEvent("keypress", keys));
    }, PAUSE_MS);
  };
  document.addEventListener("input", typed);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("input", typed);
  };
}
