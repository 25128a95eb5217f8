// What the demo asks. A string is the id of a recorded vector in tests/vectors/decisions.json; where the records have no
// request for a system, the question stands here, with the answer that tests/vectors/endpoints.json gives.

const request = (id, principal, method, path, expected) => ({ id, principal, ask: { kind: "route", method, path }, expected });

export const SCENES = [
  {
    title: "Hantera",
    snapshot: "hantera.main",
    questions: [
      ["An agent applies commands to orders: the grant on actors covers what is below", "HA-003"],
      ["… but nothing lets the agent write to the registry", "HA-007"],
      ["One nested command is granted, so that one is allowed", "HA-018"],
      ["… and its parent is not", "HA-020"],
      ["The sign-in asked for IAM scopes, but no role gives them", "HA-037"],
      ["The owner passes every check", "HA-001"],
      ["… unless suspended", "HA-033"],
      ["HR lists the principals", request("demo-1", "p-hr", "GET", "/resources/iam/principals", "allow")],
      ["… but may not delete one", request("demo-2", "p-hr", "DELETE", "/resources/iam/principals/p-agent", "deny")],
    ],
  },
  {
    title: "Emporix",
    snapshot: "emporix.main",
    questions: [
      ["The manager's role lists read as well as manage", "EM-004"],
      ["The viewer's does not list manage", "EM-002"],
      ["Orders of Germany, through a group restricted to DE and FR", "EM-017"],
      ["… but not those of Italy", "EM-019"],
      ["The right scope for the wrong tenant", "EM-031"],
      ["Deleting a group that has members needs one scope more", "EM-037"],
      ["A customer adds a colleague of the same company", "EM-041"],
    ],
  },
  {
    title: "Open Archiver",
    snapshot: "oa.main",
    questions: [
      ["Some ingestion source may be read: a question about the type", "OP-014"],
      ["… but not updated when it is somebody else's: a question about the record", "OP-017"],
      ["A mailbox auditor reads a mail of the mailbox", "OP-026"],
      ["… but not the hidden person's, however the address is written", "OP-027"],
      ["Which sources may be listed? All", "OP-041"],
      ["A rule that cannot be built is an error, not a denial", "OP-056"],
      ["A reader opens the list of roles", request("demo-3", "u:readonly", "GET", "/v1/iam/roles", "allow")],
      ["… but may not create one", request("demo-4", "u:readonly", "POST", "/v1/iam/roles", "deny")],
    ],
  },
  {
    title: "Eclipse Kura",
    snapshot: "kura.main",
    questions: [
      ["kura.admin stands above every permission", "KU-001"],
      ["Two permissions asked at once", "KU-017"],
      ["There is no hierarchy in names", "KU-008"],
      ["Managing identities over REST", "KU-026"],
      ["A password that must be changed locks password sessions", "KU-031"],
      ["… but not certificates", "KU-033"],
      ["Nobody is logged in", "KU-030"],
    ],
  },
  {
    title: "Ithbat",
    snapshot: "ithbat.main",
    questions: [
      ["Two roles add up", "IT-009"],
      ["Writing does not include reading", "IT-007"],
      ["Wildcards are no wildcards here", "IT-011"],
      ["The token says which permissions it carries", "IT-019"],
      ["Deleting a permission is guarded by permission:write", "IT-027"],
      ["… but a system permission cannot be edited by anybody", "IT-029"],
      ["The right permission in another tenant", "IT-016"],
    ],
  },
];
