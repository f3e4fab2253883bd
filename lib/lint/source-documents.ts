// The titles of the documents that lint rules rest on, such as cPanel's page on 1:1 NAT. The explanation of each rule
// names one.

/** The documents that rules come from. */
export const FIREWALL_PAGE =
  'cPanel & WHM, "How to Configure Your Firewall for cPanel & WHM Services", port table of version 112';
export const NAT_PAGE = 'cPanel & WHM, "1:1 NAT" (2025-06-09)';
export const DESIGN_NOTE = 'cpanel-edge, docs/how-to/exposure.md: what the two devices let through together';
export const NFT_PAGE = 'nft(8) and the hook order of netfilter';
export const MANUAL = 'Manuals of pfSense-like firewalls, chapters "NAT" and "Virtual IP addresses"';
export const PROGRAMS_NOTE =
  'cpanel-edge, docs/how-to/cpanel-firewall.md: what programs of cPanel (2022) do to a firewall';
