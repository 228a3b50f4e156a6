//! How far an address may lead.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Where servers may be that are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Reach {
    /// On the public internet. What a name or a redirect leads to counts, and not how it is written.
    Public,
    /// Anywhere: the user named the server, or has allowed it.
    Anywhere,
}

impl Reach {
    /// As far as certificates may lead.
    pub(in crate::cli) fn of_certificates(is_private_allowed: bool) -> Self {
        if is_private_allowed { Self::Anywhere } else { Self::Public }
    }
}

/// Finds servers by name, and none beyond reach. Behind a proxy it is the proxy that finds them, and its own place is the
/// user's choice.
#[derive(Debug)]
pub(super) struct Resolving {
    reach: Reach,
    names: DefaultResolver,
}

/// An address led to this machine or into a private network.
#[derive(Debug)]
pub(super) struct Inward;

impl Resolving {
    pub(super) fn within(reach: Reach) -> Self {
        Self { reach, names: DefaultResolver::default() }
    }
}

impl Resolver for Resolving {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let is_proxy = config.proxy().is_some_and(|proxy| proxy.uri().authority() == uri.authority());
        if self.reach == Reach::Anywhere || is_proxy {
            return Ok(found);
        }
        let mut within = self.empty();
        for address in found.iter().filter(|address| is_public(address.ip())) {
            within.push(*address);
        }
        if within.is_empty() { Err(Error::Other(Box::new(Inward))) } else { Ok(within) }
    }
}

impl fmt::Display for Inward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the address leads to this machine or into a private network")
    }
}

impl std::error::Error for Inward {}

/// Whether an address is one of the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_reserved = matches!(
        (first, second, third),
        (0 | 127 | 240..=255, _, _) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _)
    );
    !is_reserved && !address.is_private() && !address.is_link_local() && !address.is_multicast()
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // Ways to say an IPv4 address: mapped, translated (RFC 6052), 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => inner(high, low),
        // All else that is public begins so.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_this_machine_can_reach_is_not_public() {
        for inward in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
        ] {
            assert!(!is_public(inward.parse().unwrap()), "{inward}");
        }
        for outward in ["8.8.8.8", "172.32.0.1", "192.0.1.1", "2606:4700::1111", "::ffff:8.8.8.8"] {
            assert!(is_public(outward.parse().unwrap()), "{outward}");
        }
    }
}
