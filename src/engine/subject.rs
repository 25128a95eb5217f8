//! Tenants and placeholders: what hangs on who asks.

use super::verdict::{Code, Verdict};
use super::who::{Claims, Context};
use crate::base::names::Sym;
use crate::base::terms::Rule;
use crate::base::text::concat;
use crate::compiled::layout::{Section, flag, meta};
use crate::compiled::{Compiled, Principal};
use crate::condition::Bindings;
use crate::value::Value;

/// Who asks.
pub struct Subject<'a> {
    pub policy: &'a Compiled,
    pub principal: Option<Principal>,
    /// The same, or whom the claims name though they carry rights of their own.
    pub named: Option<Principal>,
    pub claims: Option<&'a Claims>,
    pub context: &'a Context,
    pub id: Option<&'a str>,
}

impl<'a> Subject<'a> {
    /// The tenant that the principal belongs to.
    fn home(&self) -> Option<&'a str> {
        let claimed = self.claims.and_then(|claims| claims.tenants.first().map(String::as_str));
        claimed.or_else(|| self.own_tenant())
    }

    /// The same as the snapshot says it.
    fn own_tenant(&self) -> Option<&'a str> {
        self.policy.opt_text(self.named.and_then(|principal| principal.tenant))
    }

    /// The tenant that the question is about.
    pub fn tenant_asked(&self) -> Option<&'a str> {
        let snapshot = self.policy.tenant();
        let default = if self.is_tree() { self.home().or(snapshot) } else { snapshot.or(self.home()) };
        self.context.tenant.as_deref().or(default)
    }

    fn is_tree(&self) -> bool {
        self.policy.profile.has(flag::TENANT_TREE)
    }

    /// The refusal of a question about another tenant.
    pub fn tenant_refusal(&self) -> Option<Box<Verdict>> {
        // In a tree the envelope's tenant bounds nobody by itself; elsewhere the whole snapshot is one tenant's.
        let mut bounds: Vec<&str> = Vec::new();
        for claimed in self.claims.map(|claims| &*claims.tenants).unwrap_or_default() {
            bounds.push(claimed);
        }
        bounds.extend(self.own_tenant());
        bounds.extend(self.policy.tenant().filter(|_| !self.is_tree()));
        let asked = self.tenant_asked()?;
        let bound = bounds.into_iter().find(|bound| !within(self.policy, asked, bound))?;
        let detail = concat(&["the request is for the tenant `", asked, "` and the principal belongs to `", bound, "`"]);
        Some(self.policy.deny(Code::TenantMismatch, self.policy.status(meta::TENANT_STATUS), Rule::Tenant).because(detail))
    }
}

/// The tenant above. Loops are refused at load; a file from elsewhere may have them, so callers count their steps.
fn above(policy: &Compiled, tenant: Sym) -> Option<Sym> {
    policy.lookup(Section::Tenants, tenant).map(Sym)
}

/// Whether a tenant is another one or below it.
fn within(policy: &Compiled, tenant: &str, bound: &str) -> bool {
    tenant == bound || lineage(policy, Some(tenant)).into_iter().any(|above| policy.text(above) == bound)
}

/// A tenant and all above it, as far as the policy knows them.
pub fn lineage(policy: &Compiled, tenant: Option<&str>) -> Vec<Sym> {
    let mut at = tenant.and_then(|tenant| policy.find(tenant));
    let mut line = Vec::new();
    for _ in 0..=policy.rows(Section::Tenants) {
        let Some(tenant) = at else { break };
        line.push(tenant);
        at = above(policy, tenant);
    }
    line
}

impl Bindings for Subject<'_> {
    fn subject_id(&self) -> Option<&str> {
        let own = self.principal.and_then(|principal| self.policy.subject_id(&principal));
        self.policy.opt_text(own).or(self.id)
    }

    fn tenant(&self) -> Option<&str> {
        self.home()
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        let find = |list: &[(Box<str>, Value)]| list.iter().find(|(key, _)| key.as_ref() == name).map(|(_, value)| value.clone());
        let claimed = || self.claims.and_then(|claims| find(&claims.attributes));
        let own = || self.principal.and_then(|principal| find(&self.policy.principal_attributes(&principal)));
        find(&self.context.attributes).or_else(claimed).or_else(own)
    }
}
