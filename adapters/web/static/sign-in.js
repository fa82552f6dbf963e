// A sign-in link ends in #id:token. What stands after the # is never sent, so it is in no log: it is filled in here.

const form = document.getElementById("sign-in");

function take() {
  const [agent, token] = location.hash.slice(1).split(":").map(decodeURIComponent);
  if (!agent || !token) return false;
  history.replaceState(null, "", location.pathname);
  form.elements.agent.value = agent;
  form.elements.token.value = token;
  form.requestSubmit();
  return true;
}

// A link that is opened in the tab where this page is already open loads nothing: only what is after the # changes.
addEventListener("hashchange", take);
if (!take()) (form.elements.agent.value ? form.elements.token : form.elements.agent).focus();
