#!/usr/bin/perl
# usage: relay.pl TAP TAP MILLISECONDS PERCENT SEED
# Creates two TAP devices and carries frames between them, with a delay. It loses some percent: the same frames for the
# same seed and traffic. It prints "relaying" when it begins. In Perl, because every Debian has it and Node can't open
# such a device.
use strict;
use warnings;
use POSIX ();

my ($left, $right, $milliseconds, $percent, $seed) = @ARGV;
srand $seed;
my $ticks = POSIX::sysconf(POSIX::_SC_CLK_TCK());
# A monotonic clock in seconds. Not every Debian has Time::HiRes; ticks of 10 ms are enough.
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
# Frames to each end, with the time at which they are due.
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
            # The current tick doesn't count, so that no frame is early.
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
