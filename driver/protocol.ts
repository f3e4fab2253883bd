// The words of docs/protocol.md. A test compares them with its drawing and with the device program.

/** What is there for good, whatever happens to a delivery: it stays until somebody delivers. */
export const STABLE_STATES = ['nothing', 'confirmed', 'kept'] as const;
/** What a delivery or a retract is in the middle of: a reboot ends each of them. */
export const TRANSIENT_STATES = ['offered', 'checked', 'armed', 'undoing', 'retracting'] as const;
export const STATES = [...STABLE_STATES, ...TRANSIENT_STATES] as const;
/** Of one owner on one device, as `status` of the device program says it. */
export type OwnerState = (typeof STATES)[number];

/** What the driver does, in this order where nothing fails. `prove` and `connect` change nothing on the device. */
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
/** What the device does by itself: at its start, and when the timer fires. */
export const DEVICE_STEPS = ['boot', 'undo'] as const;

/** For the line a second. */
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
