// The portal of each system: which controls it has, and which question each control asks. No answer stands here.

import type { Ask, System } from "latchgate";

export interface Control {
  /** Made from the label; stable enough for tests and links. */
  id: string;
  label: string;
  ask: Ask;
}

export interface Area {
  title: string;
  /** `menu` entries lead somewhere, `actions` do something. */
  kind: "menu" | "actions";
  note?: string;
  controls: Control[];
}

const control = (label: string, ask: Ask): Control => ({ id: label.toLowerCase().replace(/[^a-z0-9]+/g, "-"), label, ask });
const permission = (label: string, name: string): Control => control(label, { kind: "permission", permission: name });
const request = (label: string, method: string, path: string, attributes?: Record<string, unknown>): Control =>
  control(label, { kind: "route", method, path, ...(attributes === undefined ? {} : { attributes }) });
const any = (label: string, action: string, subject: string): Control => control(label, { kind: "type", action, subject });
const record = (label: string, action: string, subject: string, object: object): Control => control(label, { kind: "instance", action, subject, object });

const ME = "11111111-1111-4111-8111-111111111111";
const SOURCE_A = "5a5a5a5a-0000-4000-8000-0000000000a1";
const SOURCE_B = "5b5b5b5b-0000-4000-8000-0000000000b2";
const ownSource = { id: SOURCE_A, userId: ME, name: "Finance mailbox", provider: "google_workspace", status: "active" };
const otherSource = { id: SOURCE_B, userId: "22222222-2222-4222-8222-222222222222", name: "Board mailbox", provider: "imap", status: "active" };
const mail = { id: "m1", userEmail: "bob@x.io", ingestionSourceId: SOURCE_A, ingestionSource: { userId: ME } };
const hiddenMail = { ...mail, id: "m2", userEmail: "Hidden@Example.org" };

export const PORTALS: Partial<Record<System, Area[]>> = {
  hantera: [
    {
      title: "Menu",
      kind: "menu",
      controls: [
        permission("Orders", "actors/order:read"),
        permission("Principals", "iam/principals:read"),
        permission("Clients", "iam/clients:read"),
        permission("Roles", "iam/roles:read"),
        permission("Registry", "registry:read"),
      ],
    },
    {
      title: "Order 1001",
      kind: "actions",
      controls: [
        permission("Run commands", "actors/order:applyCommands"),
        permission("Set notes", "actors/order:applyCommands:setNotes"),
        permission("Cancel the order", "actors/order:applyCommands:cancel"),
      ],
    },
    {
      title: "Principal p-agent",
      kind: "actions",
      controls: [
        request("Change", "PUT", "/resources/iam/principals/p-agent"),
        request("Reset the password", "POST", "/resources/iam/principals/p-agent/password/reset"),
        request("Delete", "DELETE", "/resources/iam/principals/p-agent"),
        permission("Write the sales channels", "registry/channels:write"),
        permission("Write the registry", "registry:write"),
      ],
    },
  ],
  emporix: [
    {
      title: "Menu",
      kind: "menu",
      controls: [
        permission("Groups", "iam.group_read"),
        permission("Users", "iam.user_read"),
        permission("Roles", "iam.role_read"),
        permission("Access controls", "iam.access_read"),
        request("My scopes", "GET", "/iam/yourtenant/users/me/scopes"),
      ],
    },
    {
      title: "Group BO_USER",
      kind: "actions",
      controls: [
        request("New group", "POST", "/iam/yourtenant/groups"),
        request("Change the group", "PUT", "/iam/yourtenant/groups/g-view"),
        request("Delete the empty group", "DELETE", "/iam/yourtenant/groups/g-view", { groupHasMembers: false, forceDelete: false }),
        request("Delete the group with its members", "DELETE", "/iam/yourtenant/groups/g-view", { groupHasMembers: true, forceDelete: true }),
        request("Add a colleague of the same company", "POST", "/iam/yourtenant/groups/g-cust/users", {
          principal: { legalEntityId: "le-1" },
          resource: { legalEntityId: "le-1" },
        }),
      ],
    },
    {
      title: "Orders by country",
      kind: "actions",
      controls: [
        permission("All orders", "order.order_read"),
        permission("Orders of Germany", "order.order_read--DE"),
        permission("Orders of Italy", "order.order_read--IT"),
        permission("Manage orders", "order.order_manage"),
      ],
    },
  ],
  "open-archiver": [
    {
      title: "Menu",
      kind: "menu",
      note: "A menu entry asks whether there is anything of the kind to see.",
      controls: [
        any("Dashboard", "read", "dashboard"),
        any("Ingestion sources", "read", "ingestion"),
        any("Archive", "read", "archive"),
        any("Search", "search", "archive"),
        any("Users", "read", "users"),
        any("Roles", "read", "roles"),
        request("Job queues", "GET", "/v1/jobs/queues"),
      ],
    },
    {
      title: "Source “Finance mailbox”, created by the one signed in",
      kind: "actions",
      controls: [
        record("Synchronise Finance", "sync", "ingestion", ownSource),
        record("Change Finance", "update", "ingestion", ownSource),
        record("Delete Finance", "delete", "ingestion", ownSource),
      ],
    },
    {
      title: "Source “Board mailbox”, created by somebody else",
      kind: "actions",
      controls: [
        record("Synchronise Board", "sync", "ingestion", otherSource),
        record("Change Board", "update", "ingestion", otherSource),
        record("Delete Board", "delete", "ingestion", otherSource),
      ],
    },
    {
      title: "Mails and roles",
      kind: "actions",
      controls: [
        record("Open the mail of bob@x.io", "read", "archive", mail),
        record("Open the mail of hidden@example.org", "read", "archive", hiddenMail),
        request("New role", "POST", "/v1/iam/roles"),
      ],
    },
  ],
  kura: [
    {
      title: "Menu",
      kind: "menu",
      controls: [
        permission("Device", "kura.device"),
        permission("Packages", "kura.packages.admin"),
        permission("Cloud connections", "kura.cloud.connection.admin"),
        permission("Wires", "kura.wires.admin"),
        permission("Settings", "kura.admin"),
      ],
    },
    {
      title: "Identities over REST",
      kind: "actions",
      note: "Requests depend on how one has logged in: choose it above.",
      controls: [
        request("Password requirements", "GET", "services/identity/v1/passwordRequirements"),
        request("List the identities", "GET", "services/identity/v1/identities"),
        request("New identity", "POST", "services/identity/v1/identities"),
        request("Delete an identity", "DELETE", "services/identity/v1/identities"),
        request("Read the assets", "GET", "services/assets/"),
      ],
    },
  ],
  ithbat: [
    {
      title: "Menu",
      kind: "menu",
      controls: [
        permission("Users", "user:read"),
        permission("Permissions", "permission:read"),
        permission("Reports", "report:read"),
        request("Roles", "GET", "/api/v1/roles"),
      ],
    },
    {
      title: "Permission “report:export”",
      kind: "actions",
      controls: [
        request("New permission", "POST", "/api/v1/permissions"),
        request("Rename report:export", "PUT", "/api/v1/permissions/c3d4e5f6-a7b8-9012-cdef-012345678902"),
        request("Delete report:export", "DELETE", "/api/v1/permissions/c3d4e5f6-a7b8-9012-cdef-012345678902"),
      ],
    },
    {
      title: "Permission “user:read”, part of the system",
      kind: "actions",
      controls: [
        control("Rename user:read", { kind: "route", method: "PUT", path: "/api/v1/permissions/b2c3d4e5-f6a7-8901-bcde-f12345678901", layer: "write-rule" }),
        control("Delete user:read", { kind: "route", method: "DELETE", path: "/api/v1/permissions/b2c3d4e5-f6a7-8901-bcde-f12345678901", layer: "write-rule" }),
      ],
    },
  ],
};
