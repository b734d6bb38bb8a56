/** Starts the WebGPU backend of TensorFlow.js on Dawn, with a device of our own. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { packageFolder } from './load-native.ts';
import { probeWebgpu, type WebgpuAdapter } from './probe-webgpu.ts';

export interface WebgpuRuntime {
  readonly device: 'cpu' | 'gpu';
  /** What the driver calls the adapter. */
  readonly adapter: string;
  /** Version of the package `webgpu`, which carries Dawn. */
  readonly dawn: string;
}

interface Options {
  /** Takes an adapter that the processor computes, too. */
  readonly software: boolean;
  /** For tests: what to ask instead of this machine. */
  readonly find?: (name: string) => string | undefined;
  readonly probe?: typeof probeWebgpu;
}

/** What we use of the packages; both are optional, so nothing here may need their types to compile. */
interface Dawn {
  readonly create: (flags: string[]) => Gpu;
  readonly globals: object;
}
interface Gpu {
  requestAdapter(wish: { powerPreference: 'high-performance' }): Promise<Adapter | null>;
}
interface Adapter {
  readonly info: object;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(wish: { requiredLimits: Record<string, number> }): Promise<Device>;
}
interface Device {
  destroy(): void;
}
interface Kernels {
  readonly WebGPUBackend: new (device: Device, info: object) => tf.KernelBackend;
}

const DAWN = 'webgpu';
const KERNELS = '@tensorflow/tfjs-backend-webgpu';
/** A device has the least that the standard allows unless more is asked for; large tensors need more. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
];

const require = createRequire(import.meta.url);
/** Dawn crashes if its GPU object is collected while a device of it still works, so it is held here. */
let running: { gpu: Gpu; device: Device; adapter: WebgpuAdapter } | undefined;

/** Registers the backend `webgpu` and makes it current, or says what is missing for it. */
export async function loadWebgpu(options: Options): Promise<WebgpuRuntime | { unavailable: string }> {
  const { find = findPackage, probe = probeWebgpu } = options;
  const [dawn, kernels] = [find(DAWN), find(KERNELS)];
  if (dawn === undefined) return { unavailable: `the ${DAWN} package is not installed` };
  if (kernels === undefined) return { unavailable: `the ${KERNELS} package is not installed` };
  const adapter = running?.adapter ?? (await probe(dawn));
  if (adapter === null) {
    return { unavailable: 'no WebGPU adapter answers (a Vulkan, Metal or D3D12 driver is needed)' };
  }
  if (adapter.software && !options.software) {
    return { unavailable: 'its adapter is software, slower than WebAssembly' };
  }
  running ??= { adapter, ...(await register(dawn, kernels)) };
  if (!(await tf.setBackend('webgpu'))) {
    unloadWebgpu();
    throw new Error('the backend "webgpu" did not start');
  }
  return { device: adapter.software ? 'cpu' : 'gpu', adapter: adapter.name, dawn: versionOf(DAWN) };
}

/** Lets go of the device, so that the process can end where a driver would hold it. */
export function unloadWebgpu(): void {
  if (running === undefined) return;
  tf.removeBackend('webgpu');
  running.device.destroy();
  running = undefined;
}

async function register(dawn: string, kernels: string): Promise<{ gpu: Gpu; device: Device }> {
  // Before there is a navigator.gpu: the package would register a factory of its own, which asks for a
  // feature in a form that strict implementations refuse.
  const { WebGPUBackend } = (await import(pathToFileURL(kernels).href)) as Kernels;
  const { create, globals } = (await import(pathToFileURL(dawn).href)) as Dawn;
  Object.assign(globalThis, globals); // the kernels read GPUBufferUsage and the like from there
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('the adapter has gone');
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]!]));
  const device = await adapter.requestDevice({ requiredLimits });
  tf.registerBackend('webgpu', () => withNavigatorGpu(gpu, () => new WebGPUBackend(device, adapter.info)));
  return { gpu, device };
}

/** The backend's constructor refuses to run where this is absent, and nothing looks for it later. */
function withNavigatorGpu<T>(gpu: Gpu, use: () => T): T {
  const hadNavigator = 'navigator' in globalThis; // of its own since Node.js 21
  if (!hadNavigator) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  const { navigator } = globalThis as unknown as { navigator: object };
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  try {
    return use();
  } finally {
    Reflect.deleteProperty(hadNavigator ? navigator : globalThis, hadNavigator ? 'gpu' : 'navigator');
  }
}

function findPackage(name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

function versionOf(name: string): string {
  return (require(`${packageFolder(name)}/package.json`) as { version: string }).version;
}
