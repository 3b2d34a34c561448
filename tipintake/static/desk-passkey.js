// Puts the desk's question to the browser's passkeys and sends the answer as a form.
// Without it, or in a browser that knows none, codes do the same.
"use strict";

{
  const form = document.querySelector("form[data-passkey]");
  const question = document.getElementById("passkey-question");
  const ways = {
    get: (asked) => ({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) }),
    create: (asked) => ({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) }),
  };

  async function answer(event) {
    event.preventDefault();
    const way = form.dataset.passkey;
    const said = form.querySelector("[data-said]");
    said.textContent = "";
    try {
      const asked = JSON.parse(question.textContent).publicKey;
      const credential = await navigator.credentials[way](ways[way](asked));
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      said.textContent = "No passkey was used. Try again, or use another way.";
    }
  }

  if (form && question && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    form.closest("[data-passkey-here]").hidden = false;
    form.addEventListener("submit", answer);
  }
}
