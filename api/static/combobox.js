// An editable combobox with a list of suggestions, chosen by hand (WAI-ARIA Authoring Practices: list autocomplete with manual
// selection). Focus never leaves the input; nothing is ever picked that the person did not make active or touch.
//
// Invariant: what the list shows is the answer to the newest question, or, while that is under way, to an earlier text which the
// newest goes on from, or back to: then nothing can be chosen from it. Each question aborts the one before and takes a number;
// an answer whose number is no longer the newest is dropped, whatever became of the abort.

const QUIET_MS = 30; // after the last keystroke, before asking
const ANNOUNCE_MS = 400; // a screen reader that echoes keys would talk over every count
const FRESH_MS = 240_000; // a suggestion is good for five minutes: a list that stands open for long is asked for again

// The keyboards of phones compose every word, in any language; elsewhere composing means a text that is not there yet.
const composesEveryWord = () => window.matchMedia("(pointer: coarse)").matches;

const MOVES_IN_THE_TEXT = /^(Arrow.*|Home|End)$/;

export class Combobox {
  #parts;
  #newest = 0;
  #asking = false;
  #abort = null;
  #quiet;
  #announcing;
  #ageing;
  #found = [];
  #answered = ""; // the text that they were found for
  #active = -1;
  #activateOnAnswer = null; // "first" or "last": an arrow was pressed before the answer came

  /**
   * parts: input, popup, list (elements); ask(text, signal) -> {suggestions}; option(suggestion, id) -> element;
   * pick(suggestion); told(event, detail) with event one of "asked", "found", "none", "failed", and "over" where what
   * was said of an answer holds no more; announce(answer) after a pause.
   */
  constructor(parts) {
    this.#parts = parts;
    const { input, popup, list } = parts;
    input.addEventListener("input", (event) => this.#typed(event));
    input.addEventListener("compositionend", () => this.#typed({ isComposing: false }));
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.dismiss());
    popup.addEventListener("mousedown", (event) => event.preventDefault()); // the input keeps the focus
    list.addEventListener("click", (event) => this.#clicked(event));
  }

  get isOpen() {
    return !this.#parts.popup.hidden;
  }

  /** Closes the list and forgets the question under way. */
  dismiss() {
    if (this.isOpen || this.#asking) this.#parts.told("over");
    this.#forget();
    this.#close();
  }

  #typed({ isComposing }) {
    if (isComposing && !composesEveryWord()) return;
    this.#activateOnAnswer = null;
    this.#activate(-1);
    this.#askSoon(QUIET_MS);
  }

  #askSoon(delay) {
    this.#forget();
    const text = this.#parts.input.value.trim();
    this.#parts.told("asked");
    if (text === "" || !(text.startsWith(this.#answered) || this.#answered.startsWith(text))) {
      this.#close();
      this.#parts.told("over");
    }
    if (text === "") return;
    this.#asking = true;
    this.#quiet = setTimeout(() => this.#ask(text), delay);
  }

  async #ask(text) {
    const turn = ++this.#newest;
    this.#abort = new AbortController();
    let answer = null;
    let problem = null;
    try {
      answer = await this.#parts.ask(text, this.#abort.signal);
    } catch (error) {
      problem = error;
    }
    if (turn !== this.#newest) return;
    this.#asking = false;
    if (problem === null) this.#show(answer, text);
    else {
      this.#close();
      this.#parts.told("failed", problem);
    }
  }

  #forget() {
    clearTimeout(this.#quiet);
    clearTimeout(this.#announcing);
    clearTimeout(this.#ageing);
    this.#abort?.abort();
    this.#newest += 1;
    this.#asking = false;
  }

  #show(answer, text) {
    const { input, popup, list, option, told, announce } = this.#parts;
    this.#found = answer.suggestions;
    this.#answered = text;
    this.#active = -1;
    list.replaceChildren(...this.#found.map((suggestion, place) => option(suggestion, `${list.id}-${place}`)));
    if (this.#found.length === 0) this.#close();
    else {
      popup.hidden = false;
      input.setAttribute("aria-expanded", "true");
      list.scrollTop = 0;
      if (this.#activateOnAnswer) this.#activate(this.#activateOnAnswer === "first" ? 0 : this.#found.length - 1);
    }
    this.#activateOnAnswer = null;
    told(this.#found.length ? "found" : "none", answer);
    this.#announcing = setTimeout(() => announce(answer), ANNOUNCE_MS);
    if (this.isOpen) this.#ageing = setTimeout(() => this.#askSoon(0), FRESH_MS);
  }

  #close() {
    const { input, popup, list } = this.#parts;
    this.#activate(-1);
    popup.hidden = true;
    input.setAttribute("aria-expanded", "false");
    this.#found = [];
    list.replaceChildren();
  }

  #activate(place) {
    const { input, list } = this.#parts;
    list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = place;
    const option = list.children[this.#active];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  #move(step) {
    // A list that a newer answer is about to replace is not walked through: the option would change under the finger.
    if (!this.isOpen || this.#asking) {
      this.#activateOnAnswer = step > 0 ? "first" : "last";
      if (!this.#asking) this.#askSoon(0);
      return;
    }
    const count = this.#found.length;
    const from = this.#active === -1 && step < 0 ? 0 : this.#active;
    this.#activate((from + step + count) % count);
  }

  #clicked(event) {
    const option = event.target.closest('[role="option"]');
    const outdated = this.#asking && this.#parts.input.value.trim() !== this.#answered;
    if (option && !outdated) this.#pick([...this.#parts.list.children].indexOf(option));
  }

  #pick(place) {
    const suggestion = this.#found[place];
    this.dismiss();
    this.#parts.pick(suggestion);
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || (event.shiftKey && event.key.startsWith("Arrow"))) {
      if (MOVES_IN_THE_TEXT.test(event.key)) this.#activate(-1);
      return;
    }
    if (event.key === "Enter" && event.repeat) return event.preventDefault(); // held down, it would pick and then save
    if (this.#handled(event.altKey ? `Alt+${event.key}` : event.key)) event.preventDefault();
  }

  // True where the browser must not do what it does by itself with that key.
  #handled(key) {
    switch (key) {
      case "ArrowDown":
      case "ArrowUp":
        this.#move(key === "ArrowDown" ? 1 : -1);
        return true;
      case "Alt+ArrowDown":
        if (!this.isOpen && !this.#asking) this.#askSoon(0);
        return true;
      case "Alt+ArrowUp":
        this.dismiss();
        return true;
      case "Enter":
        return this.#entered();
      case "Escape":
        return this.#escaped();
      case "Home":
      case "End":
      case "ArrowLeft":
      case "ArrowRight":
        this.#activate(-1); // back to the text; the caret moves by itself
        return false;
      case "Tab":
        this.dismiss();
        return false;
      default:
        return false;
    }
  }

  // With nothing active, Enter neither picks nor saves a half-typed name: it waits for the answer, or closes the list.
  #entered() {
    if (this.#active >= 0) this.#pick(this.#active);
    else if (this.isOpen && !this.#asking) this.dismiss();
    else return this.#asking;
    return true;
  }

  // Never empties the field, as the pattern would have it do: a name that was typed, or picked, would be gone for good.
  #escaped() {
    const open = this.isOpen || this.#asking;
    if (open) this.dismiss();
    return open;
  }
}
