/** Let the browser save a file; nothing goes through a server. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.appendChild(link);
  link.click();
  link.remove();
  // The browser has taken hold of it by the next turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
