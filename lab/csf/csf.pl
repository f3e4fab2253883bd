#!/usr/bin/perl
# usage: csf -s|-r|-sf|-ra|-f|-x|-e|-v|--initup|--initdown
# A stand-in for csf, for tests and labs without it. It makes csf's chains from its files by the real iptables, and is
# open for the same reasons as csf.
# Written from the known behaviour of csf 15.10 (docs/how-to/platforms/csf.md, and the parser of csf), not from its text, which is under
# the GPL. Block lists, countries, limits and sets are left out.
use strict;
use warnings;
use Fcntl qw(:flock);

my ($CSF, $STATE, $CRONTAB) = ('/etc/csf', '/var/lib/csf', '/etc/crontab');
my $asked = shift // '';
my %does = (
  '-v' => sub { print "csf: v", first_of("$CSF/version.txt"), "\n" },
  '-f' => \&stop, '--stop' => \&stop,
  '-s' => \&start_by_lfd, '-r' => \&start_by_lfd, '--start' => \&start_by_lfd, '--restart' => \&start_by_lfd,
  '-sf' => \&restart, '--startf' => \&restart,
  '-ra' => sub { restart(); system(qw(systemctl restart lfd)) },
  '-x' => sub { write_to("$CSF/csf.disable", ''); system(qw(systemctl stop lfd.service)); stop() },
  '-e' => \&enable,
  '--initup' => \&come_up, '--initdown' => \&go_down,
);
my $do = $does{$asked} or die "usage: csf -s|-r|-sf|-ra|-f|-x|-e|-v|--initup|--initdown\n";
if (-e "$CSF/csf.disable" && $asked !~ /^-[evf]$/) {
  print "*WARNING* csf and lfd have been disabled\n";
  exit 1;
}
my %set = settings();
my @families = $set{IPV6} ? ('ip', 'ip6') : ('ip');
my %program = (ip => $set{IPTABLES}, ip6 => $set{IP6TABLES});
-x $program{$_} or fatal("$program{$_} does not exist") for @families;
if (-e "$CSF/csf.error" && $asked !~ /^-(s|r|sf|e)$|^--(start|restart|startf)$/) {
  print "You have an unresolved error when starting csf\n";
  exit 1;
}
if ($asked !~ /^--(stop|initup|initdown)$/) { unlink map { "$STATE/csf.$_.saved" } 4, 6 }
$do->();
exit 0;

# Returns the first line of a file.
sub first_of {
  my ($line) = lines_of(shift);
  return $line // '';
}

sub lines_of {
  open my $file, '<', shift or return ();
  my @lines = <$file>;
  s/\r?\n$// for @lines;
  return @lines;
}

sub write_to {
  my ($path, $text) = @_;
  open my $file, '>', $path or die "$path: $!\n";
  print $file $text;
}

# An unreadable file ends it before it changes a rule.
sub settings {
  my %said = (IPTABLES => '', IP6TABLES => '', map { $_ => '' } qw(IPV6 LFDSTART TESTING FASTSTART));
  my %seen;
  for (lines_of("$CSF/csf.conf")) {
    s/^\s+|\s+$//g;
    next if /^#/ || !/=/;
    my ($key, $rest) = split /=/, $_, 2;
    $key =~ s/\s//g;
    $rest =~ /"(.*)"/ or die "Error: Invalid configuration line [$key]\n";
    $said{$key} = $1;
    $seen{$key}++ and die "Error: Setting $key is repeated in $CSF/csf.conf - you must remove the duplicates and then restart csf\n";
  }
  return %said;
}

sub on { my $value = $set{ $_[0] } // ''; return $value ne '' && $value ne '0' }

sub flush {
  for my $family (@families) {
    system($program{$family}, '-P', $_, 'ACCEPT') for qw(INPUT OUTPUT FORWARD);
    for my $table (qw(filter nat raw mangle)) { system("$program{$family} -t $table $_ 2>/dev/null") for '-F', '-X' }
  }
}

sub fatal {
  my $what = shift;
  flush();
  print "Error: $what, at line 1\n";
  write_to("$CSF/csf.error", "Error: $what, at line 1 in /usr/sbin/csf\n");
  cron('') if on('TESTING');
  exit 1;
}

my $lock;

sub locked {
  mkdir $STATE;
  open $lock, '>>', "$STATE/csf.lock" or die "Error: Unable to open csf lock file: $!\n";
  flock $lock, LOCK_EX | LOCK_NB or die "Error: csf is being restarted, try again in a moment: $!\n";
}

# With TESTING the rules are removed some minutes after they were loaded, for good.
sub cron {
  my $line = shift;
  my @others = grep { !/csf(\.pl)? -f/ } lines_of($CRONTAB);
  my $text = join '', map { "$_\n" } @others, $line eq '' ? () : $line;
  write_to($CRONTAB, $text) if $text ne join '', map { "$_\n" } lines_of($CRONTAB);
}

sub stop { locked(); flush(); cron('') if on('TESTING') }

sub start_by_lfd {
  return restart() if !on('LFDSTART');
  write_to("$STATE/csf.restart", '');
}

sub restart {
  locked();
  flush();
  start();
  close $lock;
}

# Existing rules stay, and csf's follow them. A csf that isn't disabled starts nothing, and says so without failing.
sub enable {
  locked();
  if (!-e "$CSF/csf.disable") { print "FAIL csf and lfd are not disabled!\n"; return }
  unlink "$CSF/csf.disable";
  start();
  close $lock;
  system(qw(systemctl start lfd.service));
}

sub come_up {
  my @saved = map { "$STATE/csf.$_.saved" } 4, on('IPV6') ? 6 : ();
  return restart() if !on('FASTSTART') || grep { !-e } @saved;
  for my $family (@families) { my $file = shift @saved; system("$program{$family}-restore <$file"); unlink $file }
}

sub go_down {
  return if !on('FASTSTART');
  mkdir $STATE;
  system("$program{$_}-save >$STATE/csf." . ($_ eq 'ip' ? 4 : 6) . '.saved') for @families;
}

my (%rules, $others);

# A rule of filter: of a family, or of all. "@i" and "@o": by the interfaces that csf is for, "@n": of a new connection.
sub add {
  my ($rule, @of) = @_;
  for my $family (@of ? @of : @families) {
    next if !grep { $_ eq $family } @families;
    my $device = $set{ $family eq 'ip' ? 'ETH_DEVICE' : 'ETH6_DEVICE' } // '';
    my $spi = on($family eq 'ip' ? 'LF_SPI' : 'IPV6_SPI');
    my $full = $rule;
    $full =~ s/\@i/$device eq '' ? '! -i lo' : "-i $device"/e;
    $full =~ s/\@o/$device eq '' ? '! -o lo' : "-o $device"/e;
    $full =~ s/\@n/$spi ? '-m conntrack --ctstate NEW' : ''/e;
    if (on('FASTSTART') && !$others) { push @{ $rules{$family} }, $full; next }
    print "csf: $full\n" if system("$program{$family} $full 2>&1") != 0;
  }
}

# Many at once: then one that is refused is the end of all.
sub load {
  my $what = shift;
  for my $family (@families) {
    my $all = join "\n", '*filter', @{ $rules{$family} // [] }, 'COMMIT', '';
    open my $restore, '|-', "$program{$family}-restore -n >$STATE/said 2>&1" or die;
    print $restore $all;
    close $restore or fatal("FASTSTART: ($what) [" . first_of("$STATE/said") . ']. Try restarting csf with FASTSTART disabled');
  }
  %rules = ();
}

sub start {
  my ($reply) = `systemctl is-active firewalld` =~ /(\S*)/;
  fatal('*Error* firewalld found to be running. You must stop and disable firewalld when using csf') if $reply =~ /^activ/;
  cron(on('TESTING') ? "*/$set{TESTING_INTERVAL} * * * * root /usr/sbin/csf -f > /dev/null 2>&1" : '');
  unlink "$CSF/csf.error";
  for my $limit (split /,/, $set{PORTFLOOD} // '') { fatal("csf: Incorrect PORTFLOOD setting: [$limit]") if $limit !~ /^\d+;(tcp|udp|icmp);\d+;\d+$/ }
  hooks('csfpre.sh');
  $others = 1;
  add("-N $_") for qw(LOGDROPIN LOGDROPOUT DENYIN DENYOUT ALLOWIN ALLOWOUT LOCALINPUT LOCALOUTPUT);
  $others = 0;
  add("-N $_") for qw(INVALID INVDROP);
  add("-A LOGDROPIN -j $set{DROP}");
  add("-A LOGDROPOUT -j $set{DROP_OUT}");
  for my $device (split /,/, $set{ETH_DEVICE_SKIP} // '') { add("-A INPUT -i $device -j ACCEPT"); add("-A OUTPUT -o $device -j ACCEPT") }
  if (!on('DNS_STRICT_NS')) {
    for my $host (map { /^nameserver\s+([\d.]+)/ ? $1 : () } lines_of('/etc/resolv.conf')) {
      add("-A INPUT \@i -s $host -p $_ 53 -j ACCEPT", 'ip') for 'tcp --dport', 'udp --dport', 'tcp --sport', 'udp --sport';
    }
  }
  list('allow', 'ALLOW', 'ACCEPT', 'ACCEPT');
  list('deny', 'DENY', $set{DROP}, $set{DROP_OUT});
  add("-A LOCALINPUT \@i -j ALLOWIN"); add("-A LOCALINPUT \@i -j DENYIN"); add("-A LOCALOUTPUT \@o -j ALLOWOUT"); add("-A LOCALOUTPUT \@o -j DENYOUT");
  add("-A INPUT \@i -j LOCALINPUT"); add("-A OUTPUT \@o -j LOCALOUTPUT");
  if (!on('DNS_STRICT')) { add("-A OUTPUT \@o -p $_ 53 -j ACCEPT") for 'tcp --dport', 'udp --dport', 'tcp --sport', 'udp --sport' }
  add('-A INPUT -i lo -j ACCEPT'); add('-A OUTPUT -o lo -j ACCEPT');
  refuse_strange() if on('LF_SPI');
  add("-A INPUT \@i -p icmp --icmp-type 8 -j LOGDROPIN", 'ip') if !on('ICMP_IN');
  add("-A INPUT \@i -p icmp -j ACCEPT", 'ip'); add("-A OUTPUT \@o -p icmp -j ACCEPT", 'ip');
  my @types = on('IPV6_ICMP_STRICT') ? map { "--icmpv6-type $_" } 1 .. 4, 128, 129, 134 .. 137 : '';
  add("-A INPUT \@i -p icmpv6 $_ -j ACCEPT", 'ip6') for @types;
  add("-A OUTPUT \@o -p icmpv6 -j ACCEPT", 'ip6');
  add("-A INPUT \@i -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"); add("-A OUTPUT \@o -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
  for my $way ('IN', 'OUT') { for my $protocol ('tcp', 'udp') { for my $family (@families) {
    my $key = uc($protocol) . ($family eq 'ip' ? '' : '6') . "_$way";
    (my $ports = $set{$key} // '') =~ s/\s//g;
    for my $port (grep { $_ ne '' } split /,/, $ports) {
      fatal("Invalid $key port [$port]") if $port !~ /^[\d:]*$/;
      add('-A ' . ($way eq 'IN' ? 'INPUT @i' : 'OUTPUT @o') . " -p $protocol \@n --dport $port -j ACCEPT", $family);
    }
  } } }
  add("-A OUTPUT \@o -j LOGDROPOUT"); add("-A INPUT \@i -j LOGDROPIN");
  load('Packet Filter') if on('FASTSTART');
  for my $family (@families) { system($program{$family}, '-P', $_, 'DROP') for qw(INPUT OUTPUT FORWARD) }
  hooks('csfpost.sh');
}

# 15.10 runs both, and makes one for bash of what says no program.
sub hooks {
  my $name = shift;
  for my $hook (grep { -e } map { "$_/$name" } '/usr/local/csf/bin', $CSF) {
    chmod 0700, $hook;
    my @lines = lines_of($hook);
    write_to($hook, join '', map { "$_\n" } '#!/bin/bash', @lines) if ($lines[0] // '') !~ /^#!/;
    system("PATH=\$PATH:/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin ; $hook");
  }
}

# TCP packets that neither begin nor continue a connection.
sub refuse_strange {
  add('-A INVALID -m conntrack --ctstate INVALID -j INVDROP');
  my @flags = ('ALL NONE', 'ALL ALL', 'SYN,FIN SYN,FIN', 'SYN,RST SYN,RST', 'FIN,RST FIN,RST', 'ACK,FIN FIN', 'ACK,PSH PSH', 'ACK,URG URG');
  add("-A INVALID -p tcp --tcp-flags $_ -j INVDROP") for @flags;
  add('-A INVALID -p tcp ! --syn @n -j INVDROP');
  add("-A INVDROP -j $set{DROP}");
  add('-A INPUT @i -p tcp -j INVALID'); add('-A OUTPUT @o -p tcp -j INVALID');
}

# Lines of a list: an address, or fields of one protocol, one way, a port and a host.
sub list {
  my ($file, $chain, $in, $out) = @_;
  # One alone comes before those that are there.
  my $puts = on('FASTSTART') ? '-A' : '-I';
  for (lines_of("$CSF/csf.$file")) {
    my ($line) = /^\s*([^#\s]\S*)/ or next;
    my ($protocol, $way, $port, $host) = $line =~ /^(tcp|udp|icmp)\|(in|out)\|([sd]=[^|]*)\|([sd]=.*)$/;
    my $address = defined $host ? substr($host, 2) : $line;
    next if $address !~ m{^[0-9a-fA-F.:]+(/\d+)?$};
    my $family = $address =~ /:/ ? 'ip6' : 'ip';
    if (!defined $host) { add("$puts ${chain}IN \@i -s $address -j $in", $family); add("$puts ${chain}OUT \@o -d $address -j $out", $family); next }
    my ($side, $ports) = split /=/, $port;
    $ports =~ s/_/:/g;
    my $asked = $protocol eq 'icmp' ? "--icmp-type $ports" : $ports =~ /,/ ? "-m multiport --${side}ports $ports" : "--${side}port $ports";
    my $from = substr($host, 0, 1);
    add("$puts $chain" . uc($way) . ' ' . ($way eq 'in' ? '@i' : '@o') . " -p $protocol -$from $address $asked -j " . ($way eq 'in' ? $in : $out), $family);
  }
}
