/** A call on a sample stack: function, file and line, the module it is in; without a function the module has no symbols. */
export interface SampleFrame {
  readonly function?: string;
  readonly file?: string;
  readonly line?: number;
  readonly module?: string;
  /** Calls that were inlined here, the innermost first. */
  readonly inlines?: readonly { readonly function: string; readonly file: string; readonly line: number }[];
}

/** One thing that goes wrong in the sample's products, again and again. */
export interface Fault {
  readonly product: "Teapot" | "Kettle";
  /** How often, against the others. */
  readonly weight: number;
  readonly signature: string;
  readonly frames: readonly SampleFrame[];
  readonly reason?: string;
  readonly address?: string;
  /** The version it came with; it happens in no version before. */
  readonly since?: string;
  /** How many times as often it happens now as four weeks ago. */
  readonly rising?: number;
  readonly platforms?: readonly string[];
  readonly processTypes?: readonly string[];
  /** Share of crashes while the product starts. */
  readonly startup?: number;
  readonly hang?: boolean;
  readonly java?: string;
  readonly mozCrashReason?: string;
  readonly oomBytes?: number;
}

const cpp = (name: string, file: string, line: number, inlines?: SampleFrame["inlines"]): SampleFrame => ({
  function: name,
  file: `git:github.com/teapot-example/teapot:${file}:v1.6`,
  line,
  ...(inlines === undefined ? {} : { inlines }),
});
const inlined = (name: string, file: string, line: number) => ({
  function: name,
  file: `git:github.com/teapot-example/teapot:${file}:v1.6`,
  line,
});
const noSymbols = (module: string): SampleFrame => ({ module });

const pollEvents = cpp("teapot::EventLoop::poll(std::chrono::milliseconds)", "src/loop/event_loop.cpp", 212);
const runLoop = cpp("teapot::EventLoop::run()", "src/loop/event_loop.cpp", 118, [
  inlined("teapot::EventLoop::step(bool)", "src/loop/event_loop.h", 64),
]);
const main = cpp("main", "src/main.cpp", 41);

/** What the sample's crashes are made of. */
export const faults: readonly Fault[] = [
  {
    product: "Teapot",
    weight: 30,
    signature: "OOM | small",
    frames: [
      cpp("mozalloc_abort(char const*)", "src/base/alloc.cpp", 33),
      cpp("std::vector<teapot::Vertex>::_M_realloc_insert(teapot::Vertex&&)", "include/vector.tcc", 440),
      cpp("teapot::MeshBuilder::append(teapot::Mesh const&)", "src/mesh/builder.cpp", 90),
      runLoop,
      main,
    ],
    oomBytes: 96,
    address: "0x0000000000000000",
  },
  {
    product: "Teapot",
    weight: 16,
    signature: "teapot::Texture::index_of | teapot::Surface::shade",
    since: "1.6.0",
    frames: [
      cpp("teapot::Surface::shade(teapot::Uv, float) const", "src/render/surface.cpp", 77, [
        inlined("teapot::Texture::index_of(unsigned int, unsigned int) const", "src/render/texture.h", 52),
        inlined("teapot::Texture::texel(teapot::Uv) const", "src/render/texture.h", 61),
      ]),
      cpp("teapot::Renderer::draw_tile(teapot::Tile&)", "src/render/renderer.cpp", 301),
      cpp("teapot::ThreadPool::worker(unsigned int)", "src/base/thread_pool.cpp", 88),
    ],
    address: "0x0000000000000020",
  },
  {
    product: "Teapot",
    weight: 11,
    signature: "shutdownhang | teapot::EventLoop::poll | teapot::Session::close",
    hang: true,
    frames: [
      pollEvents,
      cpp("teapot::Session::close()", "src/session/session.cpp", 149),
      cpp("teapot::Application::shutdown()", "src/application.cpp", 266),
      main,
    ],
    mozCrashReason: "Shutdown hanging at step AppShutdownQM. Something is blocking the main-thread.",
  },
  {
    product: "Teapot",
    weight: 9,
    signature: "core::option::expect_failed | webrender::texture_cache::TextureCache::get_cache_location",
    rising: 6,
    processTypes: ["gpu"],
    frames: [
      {
        function: "core::option::expect_failed",
        file: "git:github.com/rust-lang/rust:library/core/src/option.rs:1.90",
        line: 2183,
      },
      cpp("webrender::texture_cache::TextureCache::get_cache_location", "gfx/wr/src/texture_cache.rs", 1089),
      cpp(
        "webrender::resource_cache::ResourceCache::get_texture_cache_item",
        "gfx/wr/src/resource_cache.rs",
        1450,
      ),
    ],
    mozCrashReason: "BUG: handle should be valid",
  },
  {
    product: "Teapot",
    weight: 8,
    signature: "nvwgf2umx.dll | CDevice::LLOCompleteLayerConstruction",
    platforms: ["Windows NT"],
    frames: [
      noSymbols("nvwgf2umx.dll"),
      noSymbols("nvwgf2umx.dll"),
      { function: "CDevice::LLOCompleteLayerConstruction()", module: "d3d11.dll" },
      cpp("teapot::gfx::CreateDevice(teapot::gfx::Adapter const&)", "src/gfx/device_d3d11.cpp", 58),
    ],
    startup: 0.88,
  },
  {
    product: "Teapot",
    weight: 7,
    signature: "js::gc::GCRuntime::sweepFromMainThread",
    frames: [
      cpp("js::gc::GCRuntime::sweepFromMainThread(JS::GCContext*)", "script/gc/sweeping.cpp", 512),
      cpp("js::gc::GCRuntime::incrementalSlice(js::SliceBudget&)", "script/gc/gc.cpp", 3640),
      runLoop,
      main,
    ],
    address: "0xe5e5e5e5e5e5e605",
  },
  {
    product: "Teapot",
    weight: 5,
    signature:
      "std::_Hash<std::_Umap_traits<unsigned long long, std::unique_ptr<teapot::layers::CompositorBridgeParent::LayerTreeState>, std::_Uhash_compare<unsigned long long, std::hash<unsigned long long>, std::equal_to<unsigned long long> > > >::_Find_last<unsigned long long> | teapot::layers::CompositorBridgeParent::GetIndirectShadowTree",
    frames: [
      cpp(
        "std::_Hash<std::_Umap_traits<unsigned long long, std::unique_ptr<teapot::layers::CompositorBridgeParent::LayerTreeState>, std::_Uhash_compare<unsigned long long, std::hash<unsigned long long>, std::equal_to<unsigned long long> > > >::_Find_last<unsigned long long>(unsigned long long const&, unsigned long long) const",
        "include/xhash",
        1561,
      ),
      cpp(
        "teapot::layers::CompositorBridgeParent::GetIndirectShadowTree(teapot::layers::LayersId)",
        "src/layers/compositor_bridge_parent.cpp",
        1712,
      ),
      cpp("teapot::ThreadPool::worker(unsigned int)", "src/base/thread_pool.cpp", 88),
    ],
  },
  {
    product: "Teapot",
    weight: 4,
    signature: "libteapot.so@0x5c1f2ae | libc.so.6@0x45330",
    platforms: ["Linux"],
    frames: [noSymbols("libteapot.so"), noSymbols("libc.so.6"), noSymbols("libteapot.so")],
  },
  {
    product: "Teapot",
    weight: 4,
    signature: "teapot::quota::QuotaManager::EnsureStorageIsInitializedInternal",
    startup: 0.7,
    frames: [
      cpp(
        "teapot::quota::QuotaManager::EnsureStorageIsInitializedInternal()",
        "src/quota/quota_manager.cpp",
        4480,
      ),
      cpp(
        "teapot::quota::InitOp::DoDirectoryWork(teapot::quota::QuotaManager&)",
        "src/quota/init_op.cpp",
        133,
      ),
      cpp("teapot::ThreadPool::worker(unsigned int)", "src/base/thread_pool.cpp", 88),
    ],
  },
  {
    product: "Teapot",
    weight: 4,
    signature: "teapot::AppleVTDecoder::ProcessOutput | CoreMedia | VTDecompressionSessionDecodeFrame",
    since: "1.6.1",
    platforms: ["Mac OS X"],
    frames: [
      cpp(
        "teapot::AppleVTDecoder::ProcessOutput(__CVBuffer*, teapot::TimeUnit)",
        "media/apple/vt_decoder.mm",
        388,
      ),
      noSymbols("CoreMedia"),
      { function: "VTDecompressionSessionDecodeFrame", module: "VideoToolbox" },
    ],
  },
  {
    product: "Teapot",
    weight: 3,
    signature: "IPCError-browser | ShutDownKill | NtWaitForAlertByThreadId",
    platforms: ["Windows NT"],
    processTypes: ["content"],
    frames: [
      { function: "NtWaitForAlertByThreadId", module: "ntdll.dll" },
      { function: "SleepConditionVariableSRW", module: "KERNELBASE.dll" },
      cpp("teapot::ConditionVariable::wait(teapot::MutexLock&)", "src/base/condition_variable.cpp", 61),
    ],
  },
  {
    product: "Teapot",
    weight: 3,
    signature: "hashbrown::raw::RawTable<T,A>::reserve_rehash | style::stylist::CascadeData::add_rule_list",
    frames: [
      cpp("hashbrown::raw::RawTable<T,A>::reserve_rehash", "third_party/hashbrown/src/raw/mod.rs", 1290),
      cpp("style::stylist::CascadeData::add_rule_list", "style/stylist.rs", 2711),
      cpp(
        "rayon_core::registry::WorkerThread::wait_until_cold",
        "third_party/rayon-core/src/registry.rs",
        760,
      ),
    ],
    reason: "SIGABRT",
  },
  {
    product: "Teapot",
    weight: 2,
    signature: "teapot::Undo::restore",
    frames: [
      ...Array.from({ length: 40 }, () =>
        cpp("teapot::Undo::restore(teapot::Snapshot const&)", "src/undo.cpp", 71),
      ),
      runLoop,
      main,
    ],
    reason: "EXCEPTION_STACK_OVERFLOW",
  },
  {
    product: "Kettle",
    weight: 14,
    signature:
      "java.lang.IllegalStateException: at androidx.fragment.app.FragmentManager.checkStateLoss(FragmentManager.java)",
    java: "java.lang.IllegalStateException\n\tat androidx.fragment.app.FragmentManager.checkStateLoss(FragmentManager.java:1844)\n\tat androidx.fragment.app.FragmentManager.enqueueAction(FragmentManager.java:1884)\n\tat org.example.kettle.MainActivity.onResume(MainActivity.kt:88)",
    platforms: ["Android"],
    frames: [],
  },
  {
    product: "Kettle",
    weight: 9,
    signature: "libGLESv2_adreno.so | libEGL_adreno.so",
    platforms: ["Android"],
    frames: [noSymbols("libGLESv2_adreno.so"), noSymbols("libEGL_adreno.so"), noSymbols("libhwui.so")],
  },
  {
    product: "Kettle",
    weight: 6,
    signature: "kettle::Brewer::boil",
    since: "2.3.0",
    rising: 3,
    platforms: ["Android"],
    frames: [
      cpp("kettle::Brewer::boil(float)", "native/brewer.cpp", 58),
      cpp("Java_org_example_kettle_Brewer_boil", "native/jni.cpp", 21),
      noSymbols("libart.so"),
    ],
  },
];
