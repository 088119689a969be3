@echo off
rem Installs for the user who runs it, without network. Again with a newer archive: see update.bat.
chcp 65001 >nul
setlocal
set "HERE=%~dp0"
set "TO=%LOCALAPPDATA%\Programs\Rectify"
for /f "usebackq" %%v in ("%HERE%VERSION") do set "VERSION=%%v"
for /f "usebackq" %%v in ("%HERE%PYTHON") do set "PYTHON=%%v"
py -%PYTHON% -V >nul 2>&1 || (echo 请先安装 Python %PYTHON%（64 位，安装时勾选 py launcher），或换用与已装 Python 版本一致的安装包 & exit /b 1)
if exist "%TO%\rectify.bat" if not "%1"=="update" (echo 已经装过，请运行 update.bat & exit /b 1)
if exist "%TO%\%VERSION%" rmdir /s /q "%TO%\%VERSION%"
echo 正在安装到 "%TO%\%VERSION%" ……
py -%PYTHON% -m venv "%TO%\%VERSION%" || exit /b 1
pushd "%HERE%wheels"
"%TO%\%VERSION%\Scripts\python" -m pip install --quiet --disable-pip-version-check --no-warn-script-location --no-index --find-links . --no-deps --require-hashes --requirement windows.txt || (popd & echo 安装包不完整，没有装好，请重新复制 & exit /b 1)
popd
if "%1"=="update" exit /b 0
"%TO%\%VERSION%\Scripts\rectify" setup || exit /b 1
>"%TO%\rectify.bat" echo @"%%~dp0%VERSION%\Scripts\rectify.exe" %%*
rem Who may not register a task has his startup folder. A task would be ended after three days, and on battery.
schtasks /Create /F /TN Rectify /SC ONLOGON /TR "\"%TO%\rectify.bat\" up" >nul 2>&1
if errorlevel 1 (
    >"%APPDATA%\Microsoft\Windows\Start Menu\Programs\Startup\Rectify.bat" echo @start "Rectify" /min "%%LOCALAPPDATA%%\Programs\Rectify\rectify.bat" up
) else (
    powershell -NoProfile -Command "Set-ScheduledTask Rectify -Settings (New-ScheduledTaskSettingsSet -ExecutionTimeLimit ([TimeSpan]::Zero) -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -RestartCount 255 -RestartInterval (New-TimeSpan -Minutes 1))" >nul 2>&1 || echo 请在“任务计划程序”里把 Rectify 的“运行超过 3 天则停止”取消
)
call "%HERE%start.bat"
echo 已装好，登录 Windows 时自动启动。新开的窗口里有“首次启用”的链接，这个窗口不要关
