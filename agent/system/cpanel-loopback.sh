# Whether a server with cPanel comes back to itself by its public addresses, as cPanel's AutoSSL asks it before it signs: a TCP connection to
# each public address of /var/cpanel/cpnat, on a port on which something listens at the local one. No byte is sent, and all go at once, some
# seconds in all. Whoever may ask names ports alone: addresses are those of the file. "pair LOCAL PUBLIC PORT", and what came of it: `itself`
# (the connection was seen to arrive here), `answered` (by somebody), `silent`, `refused`, `unreachable`; with "-" for the port `unheard`
# (nothing listens) or `foreign` (the local address isn't the server's). `more`: of more lines than are asked. Else why none was: `no-perl`, `failed`.
# Source: Cpanel::NAT::Diagnose and Cpanel::SSL::Auto::Run::NAT of cPanel & WHM (2022), which ask port 53 for five seconds.

# cPanel is written in Perl, and brings its own.
CPANEL_PERLS='/usr/local/cpanel/3rdparty/bin/perl /usr/bin/perl'
MOST_LOOPBACK=16

# $1: ports, with "," between them, the best one first.
cpanel_loopback() {
  [ -f "$CPANEL_CONFIG" ] || return 0
  # Words without blanks: two addresses with "=" between them, or "more".
  pairs=$(cpanel_nat | awk -v most="$MOST_LOOPBACK" '
    function is_ipv4(word,  part, n) {
      if (word !~ /^[0-9.]+$/ || split(word, part, ".") != 4) return 0
      for (n = 1; n <= 4; n++) if (part[n] == "" || length(part[n]) > 3 || part[n] > 255) return 0
      return 1
    }
    $1 == "cpnat" && $2 == "more" { more = 1 }
    $1 != "line" || $3 == $4 || !is_ipv4($3) || !is_ipv4($4) || seen[$3, $4]++ { next }
    ++count > most { more = 1; next }
    { print $3 "=" $4 }
    END { if (more) print "more" }')
  perl=
  for candidate in $CPANEL_PERLS; do
    if [ -z "$perl" ] && [ -x "$candidate" ]; then perl=$candidate; fi
  done
  if [ -z "$perl" ]; then
    printf 'no-perl\n'
  elif heard=$(loopback_program | timeout 15 env -i "$perl" - "$1" "$pairs"); then
    [ -z "$heard" ] || printf '%s\n' "$heard"
  else
    printf 'failed\n'
  fi
}

loopback_program() {
  cat <<'END_OF_PERL'
use strict;
use warnings;
use Errno qw(EINPROGRESS ECONNREFUSED);
use Fcntl qw(F_SETFL O_NONBLOCK);
use Socket;

my @ports = split /,/, $ARGV[0];

# Of each TCP socket of this machine: its address, its port, that of the other side, whether it listens.
sub each_socket {
    my ($tell) = @_;
    for my $file ('/proc/net/tcp', '/proc/net/tcp6') {
        open my $sockets, '<', $file or next;
        while (<$sockets>) {
            my ($address, $port, $other, $state) = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]{2}) / or next;
            my $bytes = pack 'L*', map { hex } $address =~ /.{8}/g;
            # IPv4 by a socket for both, and every address.
            $bytes = substr $bytes, 12 if $bytes =~ /^\0{10}(?:\xff\xff|\0{6}\z)/s;
            $tell->($bytes, hex $port, hex $other, $state eq '0A');
        }
    }
}

sub is_mine {
    socket my $socket, PF_INET, SOCK_DGRAM, 0 or return 0;
    return bind $socket, pack_sockaddr_in(0, $_[0]);
}

sub told { print join(' ', 'pair', @_), "\n" }

my %listens;
each_socket(sub { $listens{$_[0]}{$_[1]} = 1 if $_[3] });
my (%waiting, @answered);

sub refused { return $_[0] == ECONNREFUSED ? 'refused' : 'unreachable' }

for my $word (split ' ', $ARGV[1]) {
    if ($word eq 'more') { print "more\n"; next }
    my @pair = split /=/, $word;
    my ($local, $public) = map { pack 'C4', split /\./ } @pair;
    if (!is_mine($local)) { told(@pair, '-', 'foreign'); next }
    my ($port) = grep { $listens{$local}{$_} || $listens{"\0\0\0\0"}{$_} } @ports;
    if (!defined $port) { told(@pair, '-', 'unheard'); next }
    socket my $socket, PF_INET, SOCK_STREAM, 0 or die;
    fcntl $socket, F_SETFL, O_NONBLOCK or die;
    my $asked = {said => [@pair, $port], pair => [$local, $public], port => $port, socket => $socket};
    if (connect $socket, pack_sockaddr_in($port, $public)) { push @answered, $asked }
    elsif ($! == EINPROGRESS) { $waiting{fileno $socket} = $asked }
    else { told(@pair, $port, refused($!)) }
}

my $end = time + 6;
while (%waiting && time < $end) {
    my $writable = '';
    vec($writable, $_, 1) = 1 for keys %waiting;
    select undef, $writable, undef, 0.5;
    for my $number (grep { vec $writable, $_, 1 } keys %waiting) {
        my $asked = delete $waiting{$number};
        my $fault = unpack 'i', getsockopt $asked->{socket}, SOL_SOCKET, SO_ERROR;
        if ($fault) { told(@{$asked->{said}}, refused($fault)) }
        else { push @answered, $asked }
    }
}
told(@{$_->{said}}, 'silent') for values %waiting;

# It arrives with the port that it left from, unless somebody on its way changes that.
my %arrives;
for my $asked (@answered) {
    my ($from) = unpack_sockaddr_in(getsockname $asked->{socket});
    $arrives{join '|', $_, $asked->{port}, $from} = $asked for @{$asked->{pair}};
}
for (1 .. 5) {
    each_socket(sub {
        my $asked = $_[3] ? undef : $arrives{join '|', @_[0 .. 2]};
        $asked->{itself} = 1 if $asked;
    });
    last if !grep { !$_->{itself} } @answered;
    select undef, undef, undef, 0.2;
}
told(@{$_->{said}}, $_->{itself} ? 'itself' : 'answered') for @answered;
END_OF_PERL
}
