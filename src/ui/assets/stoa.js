// The little script: what works without it works a little better with it.
"use strict";

// <ul id="messages" data-live="/admin/messages/events" data-events="message">: when something happens there, the element is
// fetched anew from the page that it is on, and what arrived in it is shown to arrive.
function live(element) {
  const events = new EventSource(element.dataset.live);
  let waiting = 0;
  const renew = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      replace(element.id, page);
    }, 150);
  };
  for (const name of element.dataset.events.split(" ")) events.addEventListener(name, renew);
  events.addEventListener("reset", renew);
}

// Puts the new children in place; those with an id that was not there before are shown to arrive.
function replace(id, page) {
  const old = document.getElementById(id);
  const now = page.getElementById(id);
  if (!old || !now) return;
  for (const child of now.querySelectorAll("[id]"))
    if (!document.getElementById(child.id)) child.classList.add("arrived");
  old.replaceChildren(...now.children);
}

// <form data-typed>: asks while one types, and leaves the rest of the page alone.
function typed(form) {
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const url = new URL(form.action);
      url.search = new URLSearchParams(new FormData(form)).toString();
      const answer = await fetch(url, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      history.replaceState(null, "", url);
      for (const id of form.dataset.typed.split(" ")) replace(id, page);
    }, 200);
  });
}

// A form is sent once, however often its button is pressed.
function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
for (const element of document.querySelectorAll("[data-live]")) live(element);
for (const form of document.querySelectorAll("form[data-typed]")) typed(form);
for (const form of document.querySelectorAll('form[method="post"]')) once(form);
document.querySelector(".summary")?.focus();
for (const button of document.querySelectorAll("[data-dismiss]"))
  button.addEventListener("click", () => button.closest(".toast").remove());
