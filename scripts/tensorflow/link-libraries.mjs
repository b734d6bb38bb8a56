// Links the wheel's headers and libraries to where the binding's build and its run path look for them.
import { existsSync } from 'node:fs';
import { mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/**
 * Link names of the libraries: the linker asks for the short names, the loader for each library's own name.
 * The binding's run path is its `deps/lib`, so nothing has to be said in LD_LIBRARY_PATH.
 */
const LIBRARY_LINKS = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow_cc.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
  'libtensorflow_framework.so.2': 'libtensorflow_framework.so.2',
};

export async function linkLibraries(packageFolder, sitePackages) {
  const deps = join(packageFolder, 'deps');
  const tensorflow = join(sitePackages, 'tensorflow');
  await rm(deps, { recursive: true, force: true });
  await mkdir(join(deps, 'lib'), { recursive: true });
  await link(join(tensorflow, 'include'), join(deps, 'include'));
  for (const [name, library] of Object.entries(LIBRARY_LINKS)) {
    await link(join(tensorflow, library), join(deps, 'lib', name));
  }
  // The CUDA wheel looks for cuDNN, cuBLAS, … in ../nvidia as seen from the folder it was loaded from.
  const nvidia = join(sitePackages, 'nvidia');
  if (existsSync(nvidia)) await link(nvidia, join(deps, 'nvidia'));
}

/** Relative, so that a checkout with its cache can be moved; links, since the libraries take 850 MB. */
async function link(target, path) {
  const from = await realpath(dirname(path));
  await symlink(relative(from, await realpath(target)), path);
}
