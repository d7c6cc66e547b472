/**
 * The stream types that are read, by name. Types from 0x47670000 on are Breakpad's, from 0x4d7a0000 on
 * Mozilla's, 0x43500001 is Crashpad's.
 */
export const streamTypes = {
  ThreadList: 3,
  ModuleList: 4,
  MemoryList: 5,
  Exception: 6,
  SystemInfo: 7,
  Memory64List: 9,
  HandleData: 12,
  UnloadedModuleList: 14,
  MiscInfo: 15,
  MemoryInfoList: 16,
  ThreadNames: 24,
  CrashpadInfo: 0x4350_0001,
  BreakpadInfo: 0x4767_0001,
  Assertion: 0x4767_0002,
  LinuxCpuInfo: 0x4767_0003,
  LinuxProcStatus: 0x4767_0004,
  LinuxLsbRelease: 0x4767_0005,
  LinuxEnviron: 0x4767_0007,
  LinuxMaps: 0x4767_0009,
  StabilityReport: 0x4b6b_0002,
  MozMacosCrashInfo: 0x4d7a_0001,
  MozMacosBootargs: 0x4d7a_0002,
  MozLinuxLimits: 0x4d7a_0003,
  MozSoftErrors: 0x4d7a_0004,
} as const;

export type StreamName = keyof typeof streamTypes;
