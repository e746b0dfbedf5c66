/** Where container engines listen. */

/** Where Docker and Podman listen, the system's before the user's own. */
export function knownSockets(userId: number | null): readonly string[] {
  const system = ['/var/run/docker.sock', '/run/podman/podman.sock'];
  if (userId === null) return system;
  return [...system, `/run/user/${userId}/docker.sock`, `/run/user/${userId}/podman/podman.sock`];
}
