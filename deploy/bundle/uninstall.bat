@echo off
rem Removes program and task; the data folder, with the ledger and its backups, stays.
chcp 65001 >nul
schtasks /End /TN Rectify >nul 2>&1
schtasks /Delete /F /TN Rectify >nul 2>&1
rmdir /s /q "%LOCALAPPDATA%\Programs\Rectify"
echo 程序已卸载。台账、材料、设置、备份仍在 %LOCALAPPDATA%\Rectify
