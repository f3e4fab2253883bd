// Asks the gateways and servers on the path of each address for `doctor`: status, running rules, and the routes,
// neighbours, sockets and sessions for that address. Returns a refusal for a device that can't be asked.
import { printAddress } from '../lib/net/address';
import { Refusal } from '../lib/problems/problem';
import { Policy } from '../lib/policy/policy';
import { listLoopbackPorts } from '../driver/cpanel-loopback';
import { DiagnosisCase, DevicePolicy, isOnWire } from '../driver/doctor/diagnosis-case';
import { DiagnosisInput, createVerifier } from '../driver/doctor/diagnose';
import { AskedDevice, LookRequest, askDeviceOnce, isAsked } from '../driver/doctor/device-look';
import { listInterfaceNames, renameAnswers } from '../driver/rename-interfaces';
import { DeviceStatus, askStatus } from '../driver/device-status';
import { useSsh } from '../driver/ssh';
import { OwnershipRecord } from '../driver/synthesized-stack';
import { MAX_AT_ONCE, runAtOnce } from './run-at-once';
import { NOTHING_CHANGED, runOrExplain } from './interruption';
import { runWithProgress } from './progress';
import { ReaderOptions, applyReader } from './reader-options';
import { findDeviceProject } from './target';

interface AskedDevices {
  /** The answers of the devices on the path of each case, in the order of the cases. */
  readonly diagnosisInputs: readonly DiagnosisInput[];
  /** Devices that could not be asked. Each reason of a device stands once. */
  readonly refusedDevices: readonly { readonly device: string; readonly refusal: Refusal }[];
}

/** A question to one device about one address. */
interface DeviceQuestion {
  readonly devicePolicy: DevicePolicy<Policy>;
  readonly request: LookRequest;
}

/**
 * Returns the answers of the gateways and servers of all cases. Each question has a login of its own. A device is asked
 * for its status only once.
 */
export async function askDevices(
  cases: readonly DiagnosisCase[],
  ownershipRecords: readonly OwnershipRecord[],
  options: ReaderOptions,
): Promise<AskedDevices> {
  const statusByConnection = new Map<string, Promise<DeviceStatus>>();
  const askStatusOnce: typeof askStatus = (remote, context) => {
    const key = JSON.stringify(remote.connection);
    const status = statusByConnection.get(key) ?? askStatus(remote, context);
    statusByConnection.set(key, status);
    return status;
  };
  const askDevice = async ({
    devicePolicy: { ownershipRecord, policy },
    request,
  }: DeviceQuestion): Promise<AskedDevice> => {
    try {
      return await useSsh(applyReader(ownershipRecord.connection, options), process.env, async (remote) => {
        const { connection } = remote;
        const context = {
          connection,
          device: ownershipRecord.device,
          owner: ownershipRecord.owner,
          project: findDeviceProject(ownershipRecord),
        };
        return renameAnswers(await askDeviceOnce(remote, request, context, askStatusOnce), listInterfaceNames(policy));
      });
    } catch (error) {
      if (error instanceof Refusal) return { refusal: error };
      throw error;
    }
  };
  const deviceQuestions = cases.flatMap((subject) => [
    createGatewayQuestion(subject),
    ...(subject.server ? [createServerQuestion(subject, subject.server)] : []),
  ]);
  const devices = await runOrExplain(
    () => NOTHING_CHANGED,
    () =>
      runWithProgress('questions asked', (reportProgress) =>
        runAtOnce(deviceQuestions, MAX_AT_ONCE, askDevice, reportProgress),
      ),
  );
  const answers = devices[Symbol.iterator]();
  const judges = createVerifier(ownershipRecords, findDeviceProject);
  const takeAnswer = (): AskedDevice => answers.next().value as AskedDevice;
  return {
    diagnosisInputs: cases.map(({ server }) => ({
      gateway: takeAnswer(),
      server: server ? takeAnswer() : undefined,
      ...judges,
    })),
    refusedDevices: collectRefused(deviceQuestions, devices),
  };
}

const createLookRequest = ({ question, internal, source }: DiagnosisCase): LookRequest => ({
  public: printAddress(question.address),
  inside: printAddress(internal),
  source: printAddress(source),
  port: question.port,
  protocol: question.protocol,
});

function createGatewayQuestion(subject: DiagnosisCase): DeviceQuestion {
  const wire = subject.virtualIp?.kind === 'other' ? undefined : subject.virtualIp?.interface;
  return {
    devicePolicy: subject.gateway,
    request: {
      ...createLookRequest(subject),
      arrives: subject.arrivalInterface.name,
      ...(wire === undefined ? {} : { wire }),
    },
  };
}

function createServerQuestion(
  subject: DiagnosisCase,
  devicePolicy: NonNullable<DiagnosisCase['server']>,
): DeviceQuestion {
  const ports = listLoopbackPorts(devicePolicy.policy);
  const entry = devicePolicy.policy.interfaces.find((networkInterface) =>
    isOnWire(networkInterface, subject.internal),
  )?.name;
  return {
    devicePolicy,
    request: {
      ...createLookRequest(subject),
      ...(ports.length === 0 ? {} : { loopback: ports.join(',') }),
      ...(entry === undefined ? {} : { arrives: entry }),
    },
  };
}

function collectRefused(
  deviceQuestions: readonly DeviceQuestion[],
  devices: readonly AskedDevice[],
): AskedDevices['refusedDevices'] {
  const refusedDevices = devices.flatMap((device, index) =>
    isAsked(device)
      ? []
      : [{ device: deviceQuestions[index]!.devicePolicy.ownershipRecord.device, refusal: device.refusal }],
  );
  return [
    ...new Map(
      refusedDevices.map((refusedDevice) => [
        `${refusedDevice.device}: ${refusedDevice.refusal.message}`,
        refusedDevice,
      ]),
    ).values(),
  ];
}
