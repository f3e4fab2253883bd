// retract ROLE OWNER LEASE TOKEN: the box goes back to what it was without us.

function command_retract(array $words): void
{
    no_more($words, 4, 4);
    take_identity($words[0], $words[1]);
    $lease = take_lease($words[2]);
    $token = take_token($words[3]);
    enter();
    read_config();
    take_device($token);
    finish_leftovers();
    if (on_trial() !== null) {
        refuse('busy holder=' . id() . ' armed=' . found('armed'));
    }
    if (is_file(home('release'))) {
        $theirs = head_of(home('release'), 'lease');
        if ($theirs !== $lease) {
            give_device_up($token);
            refuse("foreign-lease lease=$theirs");
        }
        if (!turn('release', 'retracting')) {
            fail('retract-incomplete');
        }
    }
    // Entries that were forgotten belong to nobody, so nobody may take them away.
    if (is_file(home('kept')) && !is_file(home('retracting'))) {
        give_device_up($token);
        succeed('retracted left=rules');
    }
    if (!finish_retract()) {
        fail('retract-incomplete');
    }
    give_device_up($token);
    succeed('retracted left=nothing');
}

// Also by boot, when the power went in between. Entries with our tag that this program didn't apply are somebody's copy: left alone.
function finish_retract(): bool
{
    if (is_file(home('retracting')) || is_file(home('loaded'))) {
        read_config();
        $before = array_merge_recursive(own_entries(), entries_of(home('retracting')));
        $helper = is_file(helper_file()) && !others_need_helper();
        if (has_entries($before) || $helper) {
            $fault = become(none_of_ours(), false, 'retract ' . owner(), '', entries_of(home('retracting')));
            if ($fault !== null) {
                note("$fault, while " . id() . ' was retracted');
                return false;
            }
            end_closed_sessions($before, none_of_ours());
        }
    }
    if (is_dir(home()) && !remove_home()) {
        return false;
    }
    if (each_home() === []) {
        remove_boot_files();
    }
    settle();
    return true;
}

/** forget ROLE OWNER LEASE: the entries stay as they are and belong to nobody. */
function command_forget(array $words): void
{
    no_more($words, 3, 3);
    take_identity($words[0], $words[1]);
    $lease = take_lease($words[2]);
    enter();
    read_config();
    finish_leftovers();
    if (on_trial() !== null) {
        refuse('busy holder=' . id() . ' armed=' . found('armed'));
    }
    if (!is_file(home('release'))) {
        succeed('forgotten left=' . (is_file(home('kept')) ? 'rules' : 'nothing'));
    }
    $theirs = head_of(home('release'), 'lease');
    if ($theirs !== $lease) {
        refuse("foreign-lease lease=$theirs");
    }
    if (!turn('release', 'kept')) {
        fail('forget-incomplete');
    }
    succeed('forgotten left=rules');
}
