#!/usr/bin/perl
# A stand-in for cPanel's build_cpnat, for labs without cPanel. From each address that isn't loopback it asks a page
# which address it sees.
# Source: cPanel's page on 1:1 NAT (2025-06-09), and Cpanel::NAT::Build of cPanel & WHM (2022) as the project's reference has it.
use strict;
use warnings;
use IO::Socket::INET;

my $file = '/var/cpanel/cpnat';
my ($host, $port, $path) = ('myip.cpanel.net', 80, '/v1.0/');
if (open my $sources, '<', '/etc/cpsources.conf') {
    while (<$sources>) { ($host, $port, $path) = ($1, $2 // 80, $3 // '/') if m{^MYIP=http://([^/:\s]+)(?::(\d+))?(/\S*)?} }
}

my @locals = grep { !/^127\./ } map { /inet ([\d.]+)/ ? $1 : () } `ip -o -4 addr show`;
my %seen;
for my $local (@locals) {
    my $socket = IO::Socket::INET->new(LocalAddr => $local, PeerAddr => $host, PeerPort => $port, Timeout => 2.5) or next;
    print $socket "GET $path HTTP/1.0\r\nHost: $host\r\n\r\n";
    my $answer = join '', <$socket>;
    die "404\n" if $answer =~ m{^HTTP/\S+ 404};
    $seen{$local} = $1 if $answer =~ /\r\n\r\n\s*([\d.]+)\s*$/;
}
die "no publicly routable addresses\n" if !%seen;
if (!grep { ($seen{$_} // '') ne $_ } @locals) {
    unlink $file;
    exit;
}
# Its order is that of the addresses' numbers, sorted as text.
my %number = map { $_ => unpack 'N', pack 'C4', split /\./ } @locals;
open my $out, '>', "$file.new" or die;
print $out "$_ @{[$seen{$_} // '']}\n" for sort { "$number{$a}" cmp "$number{$b}" } @locals;
close $out;
rename "$file.new", $file;
