// What every page must be, looked at from inside of it: each check gives a list of complaints.
"use strict";

const checks = (() => {
  const interactive = "a[href], button, input, select, textarea, summary, [tabindex]";
  const target_px = 24;
  let met = new Map();

  function called(element) {
    const id = element.id ? "#" + element.id : "";
    const words = element.innerText || element.value || element.name || "";
    return `<${element.localName}${id}> "${words.replace(/\s+/g, " ").trim().slice(0, 40)}"`;
  }

  function shown(element) {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true });
  }

  // Of radio buttons of one name, Tab reaches one.
  function reachable(element) {
    if (element.type === "radio") {
      const group = [...document.querySelectorAll(`input[type=radio][name="${element.name}"]`)];
      if (element !== (group.find((radio) => radio.checked) || group[0])) return false;
    }
    return element.tabIndex >= 0 && !element.disabled && shown(element);
  }

  const all = () => [...document.querySelectorAll(interactive)].filter(reachable);

  function overflowing() {
    const root = document.documentElement;
    if (root.scrollWidth <= innerWidth) return [];
    const clips = (e) => getComputedStyle(e).overflowX !== "visible";
    const clipped = (e) => e && e !== root && (clips(e) || clipped(e.parentElement));
    const wide = [...document.body.querySelectorAll("*")].filter((e) => {
      const { left, right } = e.getBoundingClientRect();
      return !clipped(e) &&
        ((root.dir === "rtl" ? left < 0 : right > innerWidth) || e.scrollWidth > e.clientWidth + 1);
    });
    return [`is ${root.scrollWidth} px wide: ${wide.slice(-3).map(called)}`];
  }

  // A link within a sentence is as high as its line.
  function in_a_sentence(element) {
    return element.localName === "a" && getComputedStyle(element).display === "inline" &&
      [...element.parentElement.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  }

  function small() {
    return all().filter((element) => {
      const boxes = [element, ...(element.labels || [])].map((e) => e.getBoundingClientRect());
      return !in_a_sentence(element) &&
        !boxes.some(({ width, height }) => width >= target_px && height >= target_px);
    }).map((e) => `${called(e)} is smaller than ${target_px} px`);
  }

  function nameless() {
    const fields = [...document.querySelectorAll("input:not([type=hidden]), select, textarea")];
    return fields.filter((field) => !field.labels.length && !field.ariaLabel &&
      !field.ariaLabelledByElements?.length).map((e) => `${called(e)} has no label`);
  }

  function twins() {
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    return ids.filter((id, at) => ids.indexOf(id) < at).map((id) => `two elements are #${id}`);
  }

  function empty_icons() {
    return [...document.querySelectorAll("svg use")]
      .filter((use) => shown(use.closest("svg")) && !use.getBBox().width)
      .map((use) => `the icon ${use.getAttribute("href")} draws nothing`);
  }

  function page(language) {
    const { lang, dir } = document.documentElement;
    const wanted_dir = language === "ar" ? "rtl" : "ltr";
    const h1 = document.querySelectorAll("h1").length;
    return [
      ...(lang === language ? [] : [`lang is "${lang}", not "${language}"`]),
      ...(dir === wanted_dir ? [] : [`dir is "${dir}", not "${wanted_dir}"`]),
      ...(h1 === 1 ? [] : [`it has ${h1} h1`]),
      ...(document.title.trim() ? [] : ["it has no title"]),
      ...overflowing(), ...small(), ...nameless(), ...twins(), ...empty_icons(),
    ];
  }

  // What is wrong with an element that has the focus.
  function unseen(element) {
    const style = getComputedStyle(element);
    const { left, right, top, bottom, width } = element.getBoundingClientRect();
    const ring = style.outlineStyle === "auto" ||
      (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
    const inside = width && left >= -1 && right <= innerWidth + 1 &&
      bottom >= 0 && top <= innerHeight;
    return [
      ...(ring && element.matches(":focus-visible") ? [] : ["does not show its focus"]),
      ...(inside ? [] : ["has the focus outside of the window"]),
    ].map((words) => `${called(element)} ${words}`);
  }

  // Tab comes by twice. When it comes back from the browser's own buttons, the window may not be
  // told yet that it is in use again, and shows no focus at all: one good look is enough.
  function meet({ target }) {
    const complaints = unseen(target);
    if (!met.has(target) || !complaints.length) met.set(target, complaints);
  }

  // Called before Tab is pressed `walk()` times; `walked()` then tells where it did not come, and
  // where one does not see that it is there.
  function walk() {
    met = new Map();
    document.addEventListener("focusin", meet);
    return 2 * all().length + 8;
  }

  function walked() {
    document.removeEventListener("focusin", meet);
    const missed = all().filter((element) => !met.has(element));
    return [...met.values()].flat().concat(missed.map((e) => `Tab does not reach ${called(e)}`));
  }

  return { page, walk, walked };
})();
