// Settings of whoever reads, kept in this browser; where storage is forbidden they hold for this visit only.

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(`foederis-${key}`);
  } catch {
    return null;
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`foederis-${key}`, value);
  } catch {
    // then it is forgotten
  }
}
