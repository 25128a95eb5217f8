//! Model to a compiled snapshot: names numbered, patterns as trees, grants as rows. Pure and deterministic: the same model gives
//! the same bytes on every target.

mod grants;
mod requests;
mod words;

use crate::base::error::Error;
use crate::base::limits::Limits;
use crate::base::names::{Names, Sym};
use crate::base::table::{Table, index};
use crate::base::terms::{Combining, Held, HolderKind, Pattern, Rule, Segment, Spelling};
use crate::compiled::layout::{AMBIGUOUS, FORMAT, HEADER, MAGIC, NONE, SECTIONS, Section, TRAILER, flag, meta};
use crate::compiled::{Compiled, bits, sum};
use crate::engine::syntax::spell;
use crate::model::trie::Trie;
use crate::model::{Meta, Model, Permission, Principal, Profile};
use grants::Grants;
use words::{Pool, Words, halves, word};

/// Makes the tables.
///
/// # Errors
/// `ERR_TOO_MANY` when lists of actions and resources multiply out to more than [`Limits::max_grants`].
pub fn compile(model: Model, limits: &Limits) -> Result<Compiled, Error> {
    write(model, limits, false)
}

/// The same for a model that was cut out for one principal.
///
/// # Errors
/// As [`compile`].
pub fn compile_slice(model: Model, limits: &Limits) -> Result<Compiled, Error> {
    write(model, limits, true)
}

struct Writer {
    names: Names,
    pool: Pool,
    actions: Trie,
    resources: Trie,
}

fn write(mut model: Model, limits: &Limits, slice: bool) -> Result<Compiled, Error> {
    let seed = model.names.seed();
    let mut writer = Writer {
        names: std::mem::take(&mut model.names),
        pool: Pool::default(),
        actions: Trie::with_seed(seed),
        resources: Trie::with_seed(seed),
    };
    let mut grants = Grants::with_seed(seed);
    let mut attributes: Vec<String> = Vec::new();
    let spelling = model.profile.spelling;
    let mut holders = Words::with_capacity(model.holders.len() * Section::Holders.stride() as usize);
    let mut roles = Table::default();
    let mut groups = Table::default();
    for (at, mut holder) in model.holders.into_iter().enumerate() {
        match holder.kind {
            HolderKind::Role => drop(roles.first(holder.id, index(at))),
            HolderKind::Group => drop(groups.first(holder.id, index(at))),
            _ => {}
        }
        let own = grants.enter(&mut writer, std::mem::take(&mut holder.grants), &mut attributes, limits)?;
        let listed = if holder.listed { bits::LISTED } else { 0 };
        let (includes, count) = writer.helds(&holder.includes);
        holders.extend([
            place(HolderKind::ALL, holder.kind) | listed,
            holder.id.number(),
            word(holder.name),
            word(holder.tenant),
            word(holder.entity),
            word(holder.superuser),
            word(holder.broken),
            includes,
            count,
            own.0,
            own.1,
        ]);
    }
    let mut links: Vec<(u32, Vec<Sym>)> = Vec::new();
    for (path, parent) in &model.resources {
        let node = writer.resources.insert(&Pattern::path(&path.iter().copied().map(Segment::Name).collect::<Vec<_>>()));
        links.extend(parent.clone().map(|parent| (node, parent)));
    }
    if matches!(spelling, Spelling::Path | Spelling::Ace) {
        // A record is asked about by its path, of which the id is part (N2).
        attributes.push("id".into());
    }
    attributes.sort_unstable();
    attributes.dedup();
    let who = who(&model.principals);
    let principals = writer.principals(&model.principals);
    let tenants = writer.pairs(model.tenants.iter().filter_map(|(id, above)| Some((id.number(), (*above)?.number()))));
    let registered = writer.registry(spelling, &model.permissions);
    let endpoints = writer.endpoints(spelling, &model.endpoints);
    let attributes: Vec<u32> = attributes.iter().map(|name| writer.names.intern(name).number()).collect();
    let attributes = writer.pool.list(attributes.into_iter());
    let flags = if slice { flag::SLICE } else { 0 } | if model.registry_closed { flag::REGISTRY_CLOSED } else { 0 };
    let mut head = writer.head(&model.meta, &model.profile, flags, attributes);
    let mut warnings = Words::new();
    for warning in &model.warnings {
        let words = [warning.code, &warning.path, &warning.message];
        warnings.extend(words.map(|text| writer.names.intern(text).number()));
    }
    // From here on no name and no pattern is new.
    let (actions, action_numbers) = writer.actions.write();
    let (resources, resource_numbers) = writer.resources.write();
    let number = |numbers: &[u32], node: u32| numbers.get(node as usize).copied().unwrap_or(NONE);
    let mut linked: Vec<(u32, u32)> = Vec::new();
    for (node, parent) in links {
        let list = writer.pool.list(parent.iter().map(|sym| sym.number()));
        linked.push((number(&resource_numbers, node), list));
    }
    // Of a resource declared twice the last declaration counts.
    linked.reverse();
    linked.sort_by_key(|(node, _)| *node);
    linked.dedup_by_key(|(node, _)| *node);
    let mut registry: Vec<(u32, u32)> = Vec::with_capacity(registered.len());
    registry.extend(registered.iter().map(|(action, resource)| (number(&action_numbers, *action), number(&resource_numbers, *resource))));
    registry.sort_unstable();
    registry.dedup();
    let grants = grants.write(&mut writer.pool, &action_numbers, &resource_numbers);
    let (text, ends, slots, seed) = writer.names.parts();
    let mut text_at = vec![0];
    text_at.extend(ends);
    if let Some(place) = head.get_mut(meta::SEED as usize..meta::SEED as usize + 2) {
        place.copy_from_slice(&halves(seed));
    }

    let mut file = File::default();
    file.words(Section::Meta, &head);
    file.words(Section::TextAt, &text_at);
    file.bytes(Section::Text, text.as_bytes());
    file.words(Section::TextIndex, slots);
    file.words(Section::Actions, &actions);
    file.words(Section::Resources, &resources);
    file.words(Section::Links, &flat(linked));
    file.words(Section::Pairs, &grants.pairs);
    file.words(Section::Holders, &holders);
    file.words(Section::Entries, &grants.entries);
    file.words(Section::Grants, &grants.grants);
    file.words(Section::Terms, &grants.terms);
    file.words(Section::Principals, &principals);
    file.words(Section::Who, &flat(who));
    file.words(Section::Roles, &flat(roles.pairs()));
    file.words(Section::Groups, &flat(groups.pairs()));
    file.words(Section::Tenants, &tenants);
    file.words(Section::Permissions, &permissions(&model.permissions));
    file.words(Section::Registry, &flat(registry));
    file.words(Section::Endpoints, &endpoints);
    file.words(Section::Warnings, &warnings);
    file.words(Section::Pool, &writer.pool.words);
    Ok(Compiled::trusted(file.finish()))
}

/// The place of a thing among all of its kind.
fn place<T: PartialEq>(all: &[T], one: T) -> u32 {
    index(all.iter().position(|other| *other == one).unwrap_or(0))
}

fn flat(pairs: impl IntoIterator<Item = (u32, u32)>) -> Words {
    let mut words = Words::new();
    for (first, second) in pairs {
        words.extend([first, second]);
    }
    words
}

fn who(principals: &[Principal]) -> Vec<(u32, u32)> {
    let mut ids = Table::default();
    let mut aliases = Table::default();
    for (at, principal) in principals.iter().enumerate() {
        ids.put(principal.id, index(at));
        for alias in &principal.aliases {
            if aliases.first(*alias, index(at)) != index(at) {
                aliases.put(*alias, AMBIGUOUS);
            }
        }
    }
    // An id is stronger than an alias.
    for (alias, at) in aliases.pairs() {
        ids.first(alias, at);
    }
    ids.pairs().collect()
}

fn permissions(list: &[Permission]) -> Words {
    let mut words = Words::with_capacity(list.len() * 4);
    for one in list {
        words.extend([one.name.number(), word(one.display), word(one.category), u32::from(one.system)]);
    }
    words
}

impl Writer {
    /// A list of holders held, two words each, and its length.
    fn helds(&mut self, list: &[Held]) -> (u32, u32) {
        let mut words = Words::with_capacity(list.len() * 2);
        for held in list {
            words.extend([held.holder.0, word(held.scope)]);
        }
        (self.pool.put(words), index(list.len()))
    }

    fn pairs(&mut self, pairs: impl Iterator<Item = (u32, u32)>) -> Words {
        let mut table = Table::default();
        for (first, second) in pairs {
            table.put(first, second);
        }
        flat(table.pairs())
    }

    fn principals(&mut self, list: &[Principal]) -> Words {
        let mut rows = Words::with_capacity(list.len() * Section::Principals.stride() as usize);
        for one in list {
            let bit = |is: bool, bit: u32| if is { bit } else { 0 };
            let flags = bit(one.suspended, bits::SUSPENDED)
                | bit(one.login.password_enabled, bits::PASSWORD_ENABLED)
                | bit(one.login.password_change_needed, bits::PASSWORD_CHANGE_NEEDED);
            let (holds, count) = self.helds(&one.holds);
            let extra = self.extra(one);
            rows.extend([one.id.number(), one.kind.number(), flags, holds, count, word(one.name), word(one.tenant), extra]);
        }
        rows
    }

    /// What few principals have.
    fn extra(&mut self, one: &Principal) -> u32 {
        let times = [one.valid_from, one.valid_until];
        let nothing_else = one.aliases.is_empty() && one.subject_id.is_none() && one.attributes.is_empty();
        if nothing_else && times.iter().all(Option::is_none) {
            return NONE;
        }
        let mut words = Words::new();
        words.push(
            if one.valid_from.is_some() { bits::VALID_FROM } else { 0 } | if one.valid_until.is_some() { bits::VALID_UNTIL } else { 0 },
        );
        for time in times {
            words.extend(halves(time.map_or(0, |time| time.millis().cast_unsigned())));
        }
        words.push(word(one.subject_id));
        let attributes = crate::value::Value::Map(one.attributes.clone());
        words.push(self.pool.value(&mut self.names, &attributes));
        words.push(index(one.aliases.len()));
        words.extend(one.aliases.iter().map(|alias| alias.number()));
        self.pool.put(words)
    }

    /// Registered permissions are known, though nobody may hold them.
    fn registry(&mut self, spelling: Spelling, list: &[Permission]) -> Vec<(u32, u32)> {
        list.iter().map(|permission| self.insert_spelled(spelling, permission.name)).collect()
    }

    /// The nodes of a permission.
    fn insert_spelled(&mut self, spelling: Spelling, name: Sym) -> (u32, u32) {
        let text: String = self.names.text(name).into();
        let spelled = spell(spelling, &text);
        let mut pattern =
            |segments: &[&str]| Pattern::path(&segments.iter().map(|part| Segment::Name(self.names.intern(part))).collect::<Vec<_>>());
        let (action, resource) = (pattern(&spelled.action), pattern(&spelled.resource));
        (self.actions.insert(&action), self.resources.insert(&resource))
    }

    fn head(&mut self, said: &Meta, profile: &Profile, flags: u32, attributes: u32) -> Words {
        let bit = |is: bool, bit: u32| if is { bit } else { 0 };
        let flags = flags
            | bit(profile.empty_deny_on_types, flag::EMPTY_DENY_ON_TYPES)
            | bit(profile.visits_once, flag::VISITS_ONCE)
            | bit(profile.tenant_tree, flag::TENANT_TREE);
        let mut intern = |text: Option<&str>| word(text.map(|text| self.names.intern(text)));
        let [low, high] = halves(said.expires.map_or(0, |time| time.millis().cast_unsigned()));
        let mut head = vec![
            intern(Some(profile.system.name())),
            place(Combining::ALL, profile.combining),
            place(Spelling::ALL, profile.spelling),
            place(crate::condition::Semantics::ALL, profile.semantics),
            intern(profile.folded),
            flags,
            intern(said.server_version.as_deref()),
            word(said.tenant),
            intern(said.version.as_deref()),
            intern(said.etag.as_deref()),
            intern(said.issued_at.as_deref()),
            intern(said.expires_at.as_deref()),
            low,
            high,
            attributes,
            0,
            0,
            u32::from(profile.book.tenant_status),
            u32::from(profile.book.suspended_status),
        ];
        debug_assert_eq!(head.len(), meta::RULES as usize);
        head.extend(Rule::ALL.iter().map(|rule| intern(Some(profile.book.number(*rule)).filter(|number| !number.is_empty()))));
        head
    }
}

#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    lengths: [u32; SECTIONS],
}

impl File {
    fn bytes(&mut self, section: Section, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        let padded = bytes.len().next_multiple_of(4);
        self.bytes.resize(self.bytes.len() + padded - bytes.len(), 0);
        if let Some(length) = self.lengths.get_mut(section as usize) {
            *length = index(padded);
        }
    }

    fn words(&mut self, section: Section, words: &[u32]) {
        self.bytes.reserve(words.len() * 4);
        for block in words.chunks(BLOCK) {
            push_words(&mut self.bytes, block);
        }
        if let Some(length) = self.lengths.get_mut(section as usize) {
            *length = index(words.len() * 4);
        }
    }

    fn finish(self) -> Vec<u8> {
        let mut file = Vec::with_capacity(HEADER + self.bytes.len() + TRAILER);
        file.extend_from_slice(&MAGIC);
        file.extend_from_slice(&FORMAT.to_le_bytes());
        file.extend_from_slice(&index(HEADER + self.bytes.len() + TRAILER).to_le_bytes());
        for length in self.lengths {
            file.extend_from_slice(&length.to_le_bytes());
        }
        file.extend_from_slice(&self.bytes);
        let sum = sum(&file);
        file.extend_from_slice(&sum.to_le_bytes());
        file
    }
}

/// Long work is done in blocks, a call each: an engine that has just begun optimises a function between calls.
const BLOCK: usize = 1 << 12;

#[inline(never)]
fn push_words(bytes: &mut Vec<u8>, words: &[u32]) {
    for word in words {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
}
