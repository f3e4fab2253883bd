#!/usr/local/bin/php
<?php
// First part of the agent for pfSense, which parts.txt lists: constants, signals, output and result lines.
// cpanel-edge-device: the privileged half of cpanel-edge on pfSense. Installed root-owned as /usr/local/sbin/cpanel-edge-device, started
// over ssh as root or by sudo. Every argument is checked, everything else comes on standard input. Lines that begin with "|" are payload;
// the last line is the result, and only it decides. Runs on PHP 7.4 to 8.3.

// The box's own functions are global and many: none of ours may meet one of them.
namespace CpanelEdge;

const PROTOCOL = 11;
const PROGRAM = '/usr/local/sbin/cpanel-edge-device';
const PHP = '/usr/local/bin/php';
const ROOT = '/conf/cpanel-edge';
// Runs where PROGRAM is gone.
const PROGRAM_COPY = ROOT . '/program';
const RUN = '/var/run/cpanel-edge';
// Also the first words of every description of an entry of ours.
const TAG = 'cpanel-edge:';

umask(077);
chdir('/');
error_reporting(E_ALL);
ini_set('display_errors', '0');
ini_set('log_errors', '0');
// A configuration of five megabytes becomes arrays of a hundred.
ini_set('memory_limit', '512M');
set_time_limit(0);
// What has begun is finished without the line: a dead connection must not stop a rollback halfway.
ignore_user_abort(true);
if (function_exists('pcntl_signal')) {
    foreach ([SIGHUP, SIGPIPE, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU] as $signal) {
        pcntl_signal($signal, SIG_IGN);
    }
}
// The box's functions print progress for browsers. Nobody may take that for a result of ours.
ob_start(static function () {
    return '';
}, 4096);
register_shutdown_function('CpanelEdge\end_of_program');

function end_of_program(): void
{
    if (empty($GLOBALS['cpanel_edge_ended'])) {
        leave();
        put("cpanel-edge: failed unforeseen\n");
    }
}

// While the lock is held nothing is printed: a reader that stops would keep every other command waiting.
function put(string $text): void
{
    if (isset($GLOBALS['cpanel_edge_mutex'])) {
        $GLOBALS['cpanel_edge_unsaid'] = ($GLOBALS['cpanel_edge_unsaid'] ?? '') . $text;
        return;
    }
    @fwrite(STDOUT, $text);
}

// One result line, then the end. Its words are ours; values are checked names, digests and numbers.
function finish(string $line, int $status): void
{
    $GLOBALS['cpanel_edge_ended'] = true;
    leave();
    put("cpanel-edge: $line\n");
    exit($status);
}

function succeed(string $words): void
{
    finish("ok $words", 0);
}

// Not done, and nothing was changed.
function refuse(string $words): void
{
    finish("refused $words", 1);
}

// Begun and not brought to its end; the words say what the device runs now.
function fail(string $words): void
{
    finish("failed $words", 1);
}

// Text of others: marked, so that it can't be taken for a result.
function say(string $text): void
{
    foreach (explode("\n", rtrim($text, "\n")) as $line) {
        put("|$line\n");
    }
}

function note(string $text): void
{
    openlog('cpanel-edge', 0, LOG_DAEMON);
    syslog(LOG_NOTICE, $text);
}
