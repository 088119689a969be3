@echo off
rem Removes program and task; the data folder, with the ledger and its backups, stays.
chcp 65001 >nul
call "%~dp0stop.bat"
schtasks /Delete /F /TN Rectify >nul 2>&1
del "%APPDATA%\Microsoft\Windows\Start Menu\Programs\Startup\Rectify.bat" >nul 2>&1
rmdir /s /q "%LOCALAPPDATA%\Programs\Rectify"
echo 程序已卸载。台账、材料、设置、备份仍在 "%LOCALAPPDATA%\Rectify"
