// The page in the browser: questions go over HTTP, and the address carries the values.
import { mount } from "./explorer.js";

async function ask(question) {
  let reply;
  try {
    reply = await fetch("ask", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(question),
    });
  } catch {
    return { error: "The server does not answer. Start it again (sim serve) and reload this page." };
  }
  return reply.ok ? reply.json() : { error: await reply.text() };
}

mount(document.getElementById("explorer"), ask, { link: true });
