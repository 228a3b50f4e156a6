//! Where a certificate says that its revocation list, its OCSP responder and its issuer's certificate are.

use crate::signature::certificate::Certificate;
use crate::signature::oid;
use der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{AuthorityInfoAccessSyntax, CrlDistributionPoints};

/// URLs of revocation lists (CRL distribution points). LDAP is left out.
#[must_use]
pub fn revocation_list_urls(certificate: &Certificate) -> Vec<String> {
    let points: Option<CrlDistributionPoints> = extension(certificate, oid::CRL_DISTRIBUTION_POINTS);
    let points = points.map(|points| points.0).unwrap_or_default();
    points.iter().filter_map(|point| point.distribution_point.as_ref()).flat_map(of_point).collect()
}

/// URLs of OCSP responders.
#[must_use]
pub fn ocsp_urls(certificate: &Certificate) -> Vec<String> {
    access(certificate, oid::AD_OCSP)
}

/// URLs of the issuer's certificate.
#[must_use]
pub fn issuer_urls(certificate: &Certificate) -> Vec<String> {
    access(certificate, oid::AD_CA_ISSUERS)
}

fn access(certificate: &Certificate, method: ObjectIdentifier) -> Vec<String> {
    let access: Option<AuthorityInfoAccessSyntax> = extension(certificate, oid::AUTHORITY_INFORMATION);
    let access = access.map(|access| access.0).unwrap_or_default();
    access
        .iter()
        .filter(|access| access.access_method == method)
        .filter_map(|access| url(&access.access_location))
        .collect()
}

fn extension<T: for<'a> der::Decode<'a>>(certificate: &Certificate, kind: ObjectIdentifier) -> Option<T> {
    let extension = certificate.extension(kind).ok().flatten()?;
    T::from_der(extension.extn_value.as_bytes()).ok()
}

pub(super) fn of_point(name: &DistributionPointName) -> Vec<String> {
    match name {
        DistributionPointName::FullName(names) => names.iter().filter_map(url).collect(),
        DistributionPointName::NameRelativeToCRLIssuer(_) => Vec::new(),
    }
}

fn url(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(url) => Some(url.as_str().to_owned())
            .filter(|url| url.starts_with("http://") || url.starts_with("https://")),
        _ => None,
    }
}
