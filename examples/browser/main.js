// A page: loads the slice of its user and shows the buttons that the user may use. The server checks again.

import { init, loadPolicy } from "latchgate/reader";

const [response] = await Promise.all([fetch("./me.lgsn"), init()]);
const policy = loadPolicy(new Uint8Array(await response.arrayBuffer()));
const user = policy.principal("ann");

const invoices = [
  { id: "7", owner: "ann" },
  { id: "8", owner: "bob" },
];
for (const invoice of invoices) {
  const item = document.createElement("li");
  item.textContent = `Invoice ${invoice.id} `;
  if (user.can("pay", "invoice", invoice)) item.append(Object.assign(document.createElement("button"), { textContent: "Pay" }));
  document.querySelector("#invoices").append(item);
}
globalThis.result = document.querySelector("#invoices").innerText;
