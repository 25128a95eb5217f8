//! Words of the table of requests: path parts are pairs of a kind and a name; requirements begin with their kind.

/// A segment that reads so.
pub const LITERAL: u32 = 0;
/// Any one segment, by name.
pub const PARAM: u32 = 1;
/// The rest of the path.
pub const REST: u32 = 2;

/// Not even a login.
pub const NOTHING: u32 = 0;
/// Any principal that is let in.
pub const LOGGED_IN: u32 = 1;
/// The same; then the resource that a bound session needs a scope on.
pub const OWN_SESSION: u32 = 2;
/// One of these: a count, then four words a need: permission, when it holds, fact, value or whether it is a list.
pub const ANY: u32 = 3;
/// All of these, in the same form.
pub const ALL: u32 = 4;
/// Action, type, and [`ON_TYPE`] and the like.
pub const CHECK: u32 = 5;
/// Nobody knows.
pub const UNKNOWN: u32 = 6;
/// Any principal that is let in, or would be once the password is changed.
pub const LOCKED: u32 = 7;

/// A need that holds always.
pub const ALWAYS: u32 = 0;
/// Where a fact is the same of record and principal.
pub const SAME: u32 = 1;
/// Where a fact of the record has this value.
pub const IS: u32 = 2;

/// The type is asked about.
pub const ON_TYPE: u32 = 1;
/// The record is asked about.
pub const ON_RECORD: u32 = 2;
/// A denied record is answered as an absent one.
pub const HIDDEN: u32 = 4;

/// A guard refuses these ids.
pub const IDS: u32 = 0;
/// A guard refuses what begins so.
pub const PREFIX: u32 = 1;
