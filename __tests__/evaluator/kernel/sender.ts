// The Perl program that sends the probes in a namespace. Packets that no socket sends, it writes raw.

/**
 * A Perl program that runs in a namespace: it reads lines of probes, sends them, and prints `sent` when all of a line
 * are on their way, or which one could not be sent. No probe may be late, since the next line uses the same ports and
 * sizes. Packets that no TCP or UDP socket sends it writes raw: they belong to no session.
 */
export const SENDER = String.raw`
use strict;
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6 AF_INET6 SOCK_NONBLOCK IPPROTO_IP IPPROTO_RAW IPPROTO_TCP);
use constant { ARRIVES => 0.1, IP_HDRINCL => 3 };
$| = 1;
my ($id, %flag) = (int rand 65_536, fin => 1, syn => 2, rst => 4, psh => 8, ack => 16);
sub address { my ($text, $port) = @_; $text =~ /:/ ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $text)) : pack_sockaddr_in($port, inet_aton($text)) }
sub summed { my ($sum, $of) = (0, shift); $sum += $_ for unpack 'n*', $of . "\0" x (length($of) % 2); $sum = ($sum >> 16) + ($sum & 65_535) while $sum >> 16; ~$sum & 65_535 }
sub whole {
  my ($from, $to, $protocol, $of, $sum_at, $before) = @_;
  substr($of, $sum_at, 2) = pack 'n', summed($before . $of);
  socket(my $raw, AF_INET, SOCK_RAW, IPPROTO_RAW) or die;
  setsockopt($raw, IPPROTO_IP, IP_HDRINCL, 1);
  send($raw, pack('CCnnnCCna4a4', 69, 0, 20 + length $of, $id, 0, 64, $protocol, 0, $from, $to) . $of, 0, pack_sockaddr_in(0, $to));
}
while (my $line = <STDIN>) {
  chomp $line;
  my ($unsent, @open);
  for (split /;/, $line) {
    my ($from, $to, $protocol, $port, $own, $size, $flags) = split / /;
    $id = ($id + 1) % 65_536;
    if ($flags) {
      my $bits = 0;
      $bits |= $flag{$_} for split /,/, $flags;
      my @ends = (inet_aton($from), inet_aton($to));
      whole(@ends, 6, pack('nnNNCCnnn', $own, $port, rand 2**32, 0, 80, $bits, 1480, 0, 0), 16, pack('a4a4xCn', @ends, 6, 20));
    } elsif ($protocol == 1) {
      whole(inet_aton($from), inet_aton($to), 1, pack('CCnnn', $port, 0, 0, $id, 1) . "\0" x (($port == 13 ? 12 : 0) + $size), 2, '');
    } else {
      socket(my $socket, $to =~ /:/ ? AF_INET6 : AF_INET, ($protocol == 6 ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK, 0) or die;
      setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
      push @open, $socket;
      bind($socket, address($from, $own)) or ($unsent = "from $from port $own: $!"), next;
      $protocol == 6 ? connect($socket, address($to, $port)) : send($socket, "\0" x $size, 0, address($to, $port));
    }
  }
  select undef, undef, undef, ARRIVES;
  @open = ();
  print $unsent || 'sent', "\n";
}
`;
