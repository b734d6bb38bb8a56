/** Tells Grafana to load the dashboards from a folder, and to load them again when they change. */
import { FOLDER, FOLDER_UID } from '../house/data-source.ts';

/** Where the generated dashboards lie as Grafana sees them. */
export const DASHBOARD_FOLDER = '/var/lib/grafana/dashboards/spanwatch';

export function providerFile() {
  return {
    apiVersion: 1,
    providers: [
      {
        name: 'Spanwatch',
        orgId: 1,
        folder: FOLDER,
        folderUid: FOLDER_UID,
        type: 'file',
        disableDeletion: true,
        allowUiUpdates: false,
        updateIntervalSeconds: 30,
        options: { path: DASHBOARD_FOLDER, foldersFromFilesStructure: false },
      },
    ],
  };
}
