// Sets the theme before the first paint. Keep the storage key in step with app/preference.ts.
(function () {
  var choice = 'system';
  try {
    choice = localStorage.getItem('watchline.theme') || 'system';
  } catch (error) {
    // Storage may be forbidden; the system's theme is a fine answer.
  }
  var isDark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
})();
