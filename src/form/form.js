// Sends forms of Piggy from within the page they stand on. Without it they lead to their own page.
(function () {
  "use strict";
  var script = document.currentScript;
  var home = script.src.replace(/\/form\.js.*$/, "");
  var uuid = home.slice(home.lastIndexOf("/") + 1);
  var target = home.replace(/\/forms\/[^/]*$/, "/api/v1/forms/" + uuid + "/public/submit");

  var referral = new URLSearchParams(location.search).get("referral_code");

  // Only texts are ever written into the page, never markup.
  function tell(form, errors, status) {
    form.querySelectorAll("[data-problem]").forEach(function (place) {
      var name = place.getAttribute("data-problem");
      var said = (errors && errors[name]) || [];
      place.textContent = said.join(" ");
      form.querySelectorAll("[name]").forEach(function (field) {
        if (field.name !== name && field.name !== name + "[]") return;
        if (said.length) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
      });
    });
    form.querySelector("[data-status]").textContent = status || "";
    var wrong = form.querySelector("[aria-invalid]");
    if (wrong) wrong.focus();
  }

  function thank(form, text) {
    var thanks = document.createElement("p");
    thanks.setAttribute("role", "status");
    thanks.tabIndex = -1;
    thanks.textContent = text;
    form.replaceWith(thanks);
    thanks.focus();
  }

  function prepare(form) {
    var stamp = "";
    // The language of the texts around the fields; in snippets without one the browser's decides.
    var language = form.getAttribute("data-language");
    var headers = language ? { "Accept-Language": language } : {};
    // The same filling that is sent twice counts once.
    var key = Array.from(crypto.getRandomValues(new Uint8Array(16)), function (byte) {
      return byte.toString(16).padStart(2, "0");
    }).join("");
    fetch(home + "/stamp").then(function (answer) { return answer.json(); })
      .then(function (said) { stamp = said.stamp; }).catch(function () {});
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var button = form.querySelector("button");
      var sent = new URLSearchParams(new FormData(form));
      if (stamp) sent.set("_stamp", stamp);
      if (referral) sent.set("_referral_code", referral);
      sent.set("_key", key);
      button.disabled = true;
      tell(form, null, "");
      fetch(target, { method: "POST", body: sent, headers: headers }).then(function (answer) {
        return answer.json().then(function (said) {
          if (answer.ok) return thank(form, said.data.message);
          tell(form, said.errors, said.errors ? "" : said.message);
        });
      }).catch(function () {
        tell(form, null, form.getAttribute("data-not-sent") || "This could not be sent. Please try again.");
      }).then(function () { button.disabled = false; });
    });
  }

  function start() {
    document.querySelectorAll('form[data-piggy-form="' + uuid + '"]').forEach(prepare);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
