// Asks the browser for a passkey, and sends what it answers with the form around the button.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");

const ids = (form) =>
  form.dataset.ids
    .split(" ")
    .filter((id) => id)
    .map((id) => ({ type: "public-key", id: bytes(id) }));

const asks = {
  create: (form) =>
    navigator.credentials.create({
      publicKey: {
        rp: { id: form.dataset.site, name: document.querySelector(".brand").textContent },
        user: {
          id: bytes(form.dataset.user),
          name: form.dataset.email,
          displayName: form.dataset.person,
        },
        challenge: bytes(form.dataset.challenge),
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
        excludeCredentials: ids(form),
        authenticatorSelection: { residentKey: "discouraged", userVerification: "preferred" },
        attestation: "none",
      },
    }),
  get: (form) =>
    navigator.credentials.get({
      publicKey: {
        rpId: form.dataset.site,
        challenge: bytes(form.dataset.challenge),
        allowCredentials: ids(form),
        userVerification: "preferred",
      },
    }),
};

function fill(form, answer) {
  const { response } = answer;
  form.elements.id.value = text(answer.rawId);
  form.elements.client.value = text(response.clientDataJSON);
  form.elements.data.value = text(response.attestationObject ?? response.authenticatorData);
  if (response.signature) form.elements.signature.value = text(response.signature);
}

function prepare(form) {
  const button = form.querySelector("[data-ask]");
  const failed = form.querySelector("[data-failed]");
  form.querySelector("[data-without]").hidden = true;
  button.hidden = false;
  button.addEventListener("click", async () => {
    failed.hidden = true;
    button.disabled = true;
    try {
      fill(form, await asks[form.dataset.passkey](form));
      form.requestSubmit();
    } catch {
      failed.hidden = false;
    }
    button.disabled = false;
  });
  form.addEventListener("submit", (event) => {
    if (form.elements.id.value) return;
    event.preventDefault();
    delete form.dataset.sent;
    button.click();
  });
}

if (window.PublicKeyCredential)
  for (const form of document.querySelectorAll("form[data-passkey]")) prepare(form);
