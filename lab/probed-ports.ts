// Ports for the lab's probes, as plain numbers: those of cPanel's table (version 112), those that must stay closed, and
// those that a server connects to outside. The lab must not take them from the code that it checks.

/** Ports of cPanel's table on which a server listens. */
export const SERVER_TCP = [
  20, 21, 25, 26, 53, 80, 110, 143, 443, 465, 579, 587, 783, 953, 993, 995, 2077, 2078, 2079, 2080, 2082, 2083, 2086,
  2087, 2091, 2095, 2096, 3306,
];
export const SERVER_UDP = [53, 443];

/** Ports of a real server that aren't in the table. They must stay closed, whatever else the firewall opens. */
export const STRANGER_TCP = [111, 5432, 6379, 8080, 8443, 11211, 49152, 65534, 65535];
export const STRANGER_UDP = [111, 123, 161, 3478, 11211];

/** Ports that a server connects to outside, and two that it never should. */
export const OUTSIDE_TCP = [
  1, 7, 20, 21, 25, 26, 37, 43, 53, 80, 113, 443, 465, 587, 873, 2077, 2078, 2079, 2080, 2089, 2195, 2703, 6277, 11371,
  24441, 4444, 6667,
];
export const OUTSIDE_UDP = [53, 123, 443, 873, 6277, 24441, 4444];
