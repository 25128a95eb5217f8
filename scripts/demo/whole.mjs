// The demo's last scene: questions about a whole snapshot. Each line has the answer that it must give.

/** Words, what is asked of the policy, and the answer. */
export const WHOLE = {
  title: "The whole of a snapshot",
  snapshot: "hantera.main",
  questions: [
    ["What can the agent do?", ({ policy }) => policy.principal("p-agent").list({ names: true }).permissions.slice(-3).join(", "), "actors:*, graph:*, registry:read"],
    ["Who can read the graph?", ({ policy }) => policy.who("graph:read", { names: true }).ids.join(", "), "p-owner, p-agent, p-multi, c-svc"],
    [
      "Why may the agent not write principals?",
      ({ policy }) => policy.principal("p-agent").why("iam/principals:write").message,
      "`p-agent` may not `iam/principals:write`: no grant covers it; nearest is `actors:*`, but it is on another resource",
    ],
    [
      "What is the smallest change that lets the agent?",
      ({ policy }) => policy.principal("p-agent").suggest("iam/principals:write").suggestions[0].steps.map(({ change, holder }) => `${change} ${holder.type} ${holder.id}`).join(),
      "assign role hr:principals",
    ],
    [
      "What if HR gives it that role, and no other?",
      ({ policy, text, latchgate }) => {
        const body = ["hr:principals"];
        const edited = latchgate.edit(text, { request: { method: "PUT", path: "/resources/iam/principals/p-agent/roles", body } });
        const { gained, lost } = policy.diff(latchgate.loadPolicy(edited.snapshot));
        return `status ${edited.edits[0].status}: ${gained} permissions gained, ${lost} lost`;
      },
      "status 200: 2 permissions gained, 6 lost",
    ],
    [
      "What if somebody deletes the owner's role?",
      ({ text, latchgate }) => {
        const { status, code } = latchgate.edit(text, { request: { method: "DELETE", path: "/resources/iam/roles/system:owner" } });
        return `refused, ${status} ${code}`;
      },
      "refused, 403 EDIT_RESERVED",
    ],
    [
      "What does a browser get for the agent?",
      ({ text, latchgate }) => {
        const { counts } = latchgate.loadPolicy(latchgate.compile(text, { principal: "p-agent" }));
        return `${counts.principals} principal, ${counts.roles} role, ${counts.grants} grants`;
      },
      "1 principal, 1 role, 3 grants",
    ],
  ],
};
