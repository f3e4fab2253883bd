#!/usr/bin/perl
# usage: relay.pl TAP TAP MILLISECONDS PERCENT SEED
# Carries frames between two TAP devices, which it makes, each so much later, and loses some percent: the same ones for the same
# seed and traffic. Says "relaying" when it does, and goes on until it is ended. In Perl because every Debian has it and Node
# cannot open such a device.
use strict;
use warnings;
use POSIX ();

my ($left, $right, $milliseconds, $percent, $seed) = @ARGV;
srand $seed;
my $ticks = POSIX::sysconf(POSIX::_SC_CLK_TCK());
# A clock that nobody sets, in seconds. Time::HiRes is in a package that not every Debian has; ticks of 10 ms will do.
sub now { return (POSIX::times())[0] / $ticks }

sub tap {
    my ($name) = @_;
    sysopen my $handle, '/dev/net/tun', POSIX::O_RDWR() | POSIX::O_NONBLOCK() or die "/dev/net/tun: $!\n";
    # TUNSETIFF with IFF_TAP | IFF_NO_PI: whole frames and nothing else.
    my $request = pack 'a16 S x22', $name, 0x1002;
    ioctl $handle, 0x400454ca, $request or die "$name: $!\n";
    return $handle;
}

my @ends = (tap($left), tap($right));
# Of frames to each end: when they are due, and what they are.
my @waiting = ([], []);
$| = 1;
print "relaying\n";

while (1) {
    my ($due) = sort { $a <=> $b } map { @$_ ? $_->[0][0] : () } @waiting;
    my $wait = defined $due ? $due - now() : undef;
    my $readable = '';
    vec($readable, fileno $_, 1) = 1 for @ends;
    select $readable, undef, undef, defined $wait && $wait < 0 ? 0 : $wait;
    for my $from (0, 1) {
        # Bounded, so that neither direction starves what is due in the other.
        for (1 .. 64) {
            sysread $ends[$from], my $frame, 65_536 or last;
            next if rand(100) < $percent;
            # The tick that is going on counts for nothing: never too early.
            push @{ $waiting[1 - $from] }, [now() + $milliseconds / 1000 + 1 / $ticks, $frame];
        }
    }
    for my $to (0, 1) {
        while (@{ $waiting[$to] } && $waiting[$to][0][0] <= now()) {
            my $frame = shift @{ $waiting[$to] };
            syswrite $ends[$to], $frame->[1];
        }
    }
}
