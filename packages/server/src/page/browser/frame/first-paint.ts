// Before anything is painted: the theme that was chosen, so that the other one never flashes. A classic script, no module.
document.documentElement.classList.add(localStorage.getItem('turnstream-theme') ?? 'system');
