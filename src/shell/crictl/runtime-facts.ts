// crictl info and version: the runtime itself.
import { type CrictlCommand, outputOption, printedAsDocument } from './command.ts';

const runtimeVersion = 'v2.1.4';

export const version: CrictlCommand = {
  names: ['version'],
  about: 'Display runtime version information',
  options: [],
  async run({ process }) {
    await process.stdout.write(
      `Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  ${runtimeVersion}\nRuntimeApiVersion:  v1\n`,
    );
    return 0;
  },
};

export const info: CrictlCommand = {
  names: ['info'],
  about: 'Display information of the container runtime',
  options: [outputOption],
  async run(call) {
    const document = {
      config: {
        containerd: {
          defaultRuntimeName: 'runc',
          runtimes: { runc: { options: { SystemdCgroup: true }, runtimeType: 'io.containerd.runc.v2' } },
        },
        containerdEndpoint: '/run/containerd/containerd.sock',
        rootDir: '/var/lib/containerd/io.containerd.grpc.v1.cri',
        stateDir: '/run/containerd/io.containerd.grpc.v1.cri',
      },
      golang: 'go1.24.5',
      lastCNILoadStatus: 'OK',
      status: {
        conditions: [
          { message: '', reason: '', status: true, type: 'RuntimeReady' },
          { message: '', reason: '', status: true, type: 'NetworkReady' },
        ],
      },
    };
    await printedAsDocument(call, () => document, 'json');
    return 0;
  },
};
