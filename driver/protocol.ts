// The states of an owner on a device, the steps of a delivery, and the word for the progress line of each step. Tests
// compare them with docs/reference/protocol.md and the agent.

/** Permanent states: they stay until the next delivery, whatever happens to another one. */
export const STABLE_STATES = ['nothing', 'confirmed', 'kept'] as const;
/** States within a delivery or a removal: a reboot ends each of them. */
export const TRANSIENT_STATES = ['offered', 'checked', 'armed', 'undoing', 'retracting'] as const;
export const STATES = [...STABLE_STATES, ...TRANSIENT_STATES] as const;
/** State of one owner on one device, from `status` of the agent. */
export type OwnerState = (typeof STATES)[number];

/** The driver's steps, in this order if nothing fails. `prove` and `connect` change nothing on the device. */
export const DELIVERY_STEPS = [
  'connect',
  'upload',
  'check',
  'arm',
  'prove',
  'confirm',
  'rollback',
  'retract',
  'forget',
  'accept',
] as const;
export type DeliveryStep = (typeof DELIVERY_STEPS)[number];
/** Steps of the device itself: at its start, and when the timer fires. */
export const DEVICE_STEPS = ['boot', 'undo'] as const;

/** Words for the line that is printed every second. */
export const STEP_WORDS: Readonly<Record<DeliveryStep, string>> = {
  connect: 'connecting',
  upload: 'uploading',
  check: 'checking',
  arm: 'loading',
  prove: 'proving over a new connection',
  confirm: 'confirming',
  rollback: 'rolling back',
  retract: 'retracting',
  forget: 'forgetting',
  accept: 'accepting',
};

export const isState = (text: string | undefined): text is OwnerState => STATES.some((state) => state === text);
