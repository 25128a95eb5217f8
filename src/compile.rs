//! Model to tables: patterns become nodes, grants become entries by (action, resource). Pure and deterministic.

use crate::error::{Error, ErrorCode};
use crate::limits::Limits;
use crate::model::{
    Documents, Endpoint, Grant, Holder, HolderId, HolderKind, Meta, Model, Pattern, Permission, Principal, Profile, Requirement, Segment,
    Spelling, Warning,
};
use crate::names::{Names, Sym};
use crate::table::{Table, index, pair};
use crate::trie::{NodeId, Spot, Trie};

/// A policy as the engine reads it. Immutable.
#[derive(Debug)]
pub struct Compiled {
    pub meta: Meta,
    pub profile: Profile,
    pub names: Names,
    pub actions: Trie,
    pub resources: Trie,
    pub permissions: Vec<Permission>,
    pub registry_closed: bool,
    /// The registry as nodes.
    pub registry: Table,
    /// Without their grants, which are in [`Self::grants`] and, by pattern, in the entries.
    pub holders: Vec<Holder>,
    entries: Vec<Vec<Entry>>,
    pub grants: Vec<Grant>,
    pub principals: Vec<Principal>,
    /// Ids and aliases; [`AMBIGUOUS`] for an alias of several.
    pub who: Table,
    pub roles: Table,
    pub groups: Table,
    /// The tenant above, by its place in [`Self::tenant_names`].
    pub tenants: Table,
    pub tenant_names: Vec<Sym>,
    pub endpoints: Vec<Endpoint>,
    pub documents: Documents,
    pub warnings: Vec<Warning>,
    /// Top-level attributes that some condition reads.
    pub attributes: Vec<String>,
}

/// One action pattern on one resource pattern, by the grant that says so.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub action: NodeId,
    pub resource: NodeId,
    pub grant: u32,
}

/// Makes the tables.
///
/// # Errors
/// `ERR_TOO_MANY` when lists of actions and resources multiply out to more than [`Limits::max_grants`].
pub fn compile(model: Model, limits: &Limits) -> Result<Compiled, Error> {
    let mut compiled = Compiled {
        meta: model.meta,
        profile: model.profile,
        names: model.names,
        actions: Trie::default(),
        resources: Trie::default(),
        permissions: model.permissions,
        registry_closed: model.registry_closed,
        registry: Table::default(),
        holders: Vec::with_capacity(model.holders.len()),
        entries: Vec::with_capacity(model.holders.len()),
        grants: Vec::new(),
        principals: model.principals,
        who: Table::default(),
        roles: Table::default(),
        groups: Table::default(),
        tenants: Table::default(),
        tenant_names: Vec::new(),
        endpoints: model.endpoints,
        documents: model.documents,
        warnings: model.warnings,
        attributes: Vec::new(),
    };
    let mut count = 0_usize;
    for mut holder in model.holders {
        let mut entries = Vec::new();
        for grant in std::mem::take(&mut holder.grants) {
            count = count.saturating_add(grant.actions.len().saturating_mul(grant.resources.len()).max(1));
            // A long path is many nodes.
            count = grant.actions.iter().chain(&grant.resources).fold(count, |sum, pattern| sum.saturating_add(pattern.len() / 64));
            if count > limits.max_grants {
                let message = format!("more than the {} grants allowed", limits.max_grants);
                return Err(Error::new(ErrorCode::TooMany, "$.payloads", message));
            }
            let grant_index = index(compiled.grants.len());
            let resources: Vec<NodeId> = grant.resources.iter().map(|pattern| compiled.resources.insert(pattern)).collect();
            for action in &grant.actions {
                let action = compiled.actions.insert(action);
                entries.extend(resources.iter().map(|resource| Entry { action, resource: *resource, grant: grant_index }));
            }
            if let Some(condition) = &grant.condition {
                compiled.attributes.extend(condition.attributes().map(Into::into));
            }
            compiled.grants.push(grant);
        }
        let at = index(compiled.holders.len());
        match holder.kind {
            HolderKind::Role => drop(compiled.roles.first(holder.id, at)),
            HolderKind::Group => drop(compiled.groups.first(holder.id, at)),
            _ => {}
        }
        compiled.holders.push(holder);
        compiled.entries.push(entries);
    }
    for (path, parent) in &model.resources {
        match parent {
            Some(parent) => compiled.resources.link(path, parent.clone()),
            None => drop(compiled.resources.insert(&Pattern::Path(path.iter().copied().map(Segment::Name).collect()))),
        }
    }
    if compiled.profile.spelling == Spelling::Path {
        // A record is asked about by its path, of which the id is part (N2).
        compiled.attributes.push("id".into());
    }
    compiled.attributes.sort_unstable();
    compiled.attributes.dedup();
    for (tenant, above) in model.tenants.iter().filter_map(|(id, parent)| Some((*id, (*parent)?))) {
        compiled.tenants.put(tenant, index(compiled.tenant_names.len()));
        compiled.tenant_names.push(above);
    }
    index_principals(&mut compiled);
    index_vocabulary(&mut compiled);
    Ok(compiled)
}

/// In [`Compiled::who`]: an alias of more than one principal is nobody's. Better no answer than another's.
pub const AMBIGUOUS: u32 = u32::MAX;

fn index_principals(compiled: &mut Compiled) {
    let mut aliases = Table::default();
    for (at, principal) in compiled.principals.iter().enumerate() {
        compiled.who.put(principal.id, index(at));
        for alias in &principal.aliases {
            if aliases.first(*alias, index(at)) != index(at) {
                aliases.put(*alias, AMBIGUOUS);
            }
        }
    }
    // An id is stronger than an alias.
    for principal in &compiled.principals {
        for alias in &principal.aliases {
            compiled.who.first(*alias, aliases.get(*alias).unwrap_or(AMBIGUOUS));
        }
    }
}

/// Registered permissions and those that endpoints require are known, though nobody may hold them.
fn index_vocabulary(compiled: &mut Compiled) {
    let registered: Vec<Sym> = compiled.permissions.iter().map(|permission| permission.name).collect();
    for name in registered {
        let (action, resource) = insert_spelled(compiled, name);
        compiled.registry.enter(pair(action, resource));
    }
    let mut required: Vec<Sym> = Vec::new();
    let mut checks: Vec<(Sym, Sym)> = Vec::new();
    for endpoint in &compiled.endpoints {
        match &endpoint.requires {
            Requirement::Any(needs) | Requirement::All(needs) => required.extend(needs.iter().map(|need| need.permission)),
            Requirement::Check(check) => checks.push((check.action, check.subject)),
            Requirement::Nothing | Requirement::LoggedIn | Requirement::OwnSession(_) | Requirement::Unknown => {}
        }
        required.extend(endpoint.also.as_ref().map(|also| also.permission));
    }
    for name in required {
        insert_spelled(compiled, name);
    }
    for (action, subject) in checks {
        compiled.actions.insert(&Pattern::name(action));
        let subject: String = compiled.names.text(subject).into();
        let segments = subject.split('/').map(|part| Segment::Name(compiled.names.intern(part))).collect();
        compiled.resources.insert(&Pattern::Path(segments));
    }
}

fn insert_spelled(compiled: &mut Compiled, name: Sym) -> (NodeId, NodeId) {
    let text: String = compiled.names.text(name).into();
    let spelled = spell(compiled.profile.spelling, &text);
    let mut pattern = |segments: Vec<&str>| match segments.is_empty() {
        true => Pattern::Any,
        false => Pattern::Path(segments.into_iter().map(|part| Segment::Name(compiled.names.intern(part))).collect()),
    };
    let (action, resource) = (pattern(spelled.action), pattern(spelled.resource));
    (compiled.actions.insert(&action), compiled.resources.insert(&resource))
}

/// A permission's text, taken apart.
#[derive(Debug, Clone)]
pub struct Spelled<'a> {
    pub action: Vec<&'a str>,
    pub resource: Vec<&'a str>,
}

/// Takes a permission's text apart as the system spells it.
#[must_use]
pub fn spell(spelling: Spelling, text: &str) -> Spelled<'_> {
    match spelling {
        Spelling::Flat => Spelled { action: vec![text], resource: Vec::new() },
        Spelling::Path | Spelling::Ace => match text.split_once(':') {
            Some((resource, action)) => Spelled { action: action.split(':').collect(), resource: resource.split('/').collect() },
            None if spelling == Spelling::Ace => Spelled { action: Vec::new(), resource: text.split('/').collect() },
            None => Spelled { action: vec![text], resource: Vec::new() },
        },
        Spelling::Typed => match text.trim().split_once(char::is_whitespace) {
            Some((action, subject)) => Spelled { action: vec![action], resource: vec![subject.trim_start()] },
            None => Spelled { action: vec![text], resource: Vec::new() },
        },
    }
}

impl Compiled {
    /// What a holder itself grants, by pattern, in the payload's order.
    pub fn entries(&self, holder: HolderId) -> &[Entry] {
        self.entries.get(holder.0 as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// The permissions that endpoints require.
    pub fn required_permissions(&self) -> impl Iterator<Item = &str> {
        let required = self.endpoints.iter().flat_map(|endpoint| {
            let needs = match &endpoint.requires {
                Requirement::Any(needs) | Requirement::All(needs) => needs.as_slice(),
                _ => &[],
            };
            needs.iter().map(|need| need.permission).chain(endpoint.also.as_ref().map(|also| also.permission))
        });
        required.map(|name| self.names.text(name))
    }

    /// Where actions of these segments stand.
    pub fn locate_action(&self, segments: &[&str]) -> Spot {
        self.actions.locate(&self.symbols(segments))
    }

    /// Where resources of these segments stand.
    pub fn locate_resource(&self, segments: &[&str]) -> Spot {
        self.resources.locate(&self.symbols(segments))
    }

    fn symbols(&self, segments: &[&str]) -> Vec<Option<Sym>> {
        segments.iter().map(|segment| self.names.find(segment)).collect()
    }
}
