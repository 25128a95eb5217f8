//! Names by number: each string of a policy is stored once.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A name of one policy's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(pub(crate) u32);

impl Sym {
    /// Its number.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }
}

impl From<Sym> for u64 {
    fn from(sym: Sym) -> Self {
        Self::from(sym.0)
    }
}

/// The table. Ordered maps rather than hashed ones: no randomness, and no input makes them slow.
#[derive(Debug, Default, Clone)]
pub struct Names {
    list: Vec<Arc<str>>,
    index: BTreeMap<Arc<str>, Sym>,
}

impl Names {
    /// The number of a name, entering it if it is new.
    pub fn intern(&mut self, name: &str) -> Sym {
        if let Some(sym) = self.index.get(name) {
            return *sym;
        }
        // The count of names is bounded by the limit on values, far below u32::MAX.
        let sym = Sym(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        let shared: Arc<str> = name.into();
        self.list.push(Arc::clone(&shared));
        self.index.insert(shared, sym);
        sym
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        crate::table::index(self.list.len())
    }

    /// The number of a name that is in the table.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Sym> {
        self.index.get(name).copied()
    }

    /// The name of a number; empty for a number of another table.
    #[must_use]
    pub fn text(&self, sym: Sym) -> &str {
        self.list.get(sym.0 as usize).map_or("", |name| name)
    }
}

/// Where a text is looked for first: FNV-1a, mixed once more so that the low bits hang on every byte.
#[must_use]
pub fn hash(bytes: &[u8]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for byte in bytes {
        hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    hash ^ hash >> 15
}
