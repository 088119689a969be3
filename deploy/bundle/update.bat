@echo off
rem The ledger is backed up, then upgraded; the program before stays in its folder for the way back.
chcp 65001 >nul
setlocal
set "HERE=%~dp0"
set "TO=%LOCALAPPDATA%\Programs\Rectify"
set /p VERSION=<"%HERE%VERSION"
if not exist "%TO%\rectify.bat" (echo 还没有装过，请运行 install.bat & exit /b 1)
if exist "%TO%\%VERSION%" (echo 已经是 %VERSION% & exit /b 0)
call "%HERE%install.bat" update || exit /b 1
schtasks /End /TN Rectify >nul 2>&1
"%TO%\%VERSION%\Scripts\rectify" upgrade || (rmdir /s /q "%TO%\%VERSION%" & schtasks /Run /TN Rectify & exit /b 1)
copy /y "%TO%\rectify.bat" "%TO%\rectify-before.bat" >nul
>"%TO%\rectify.bat" echo @"%%~dp0%VERSION%\Scripts\rectify.exe" %%*
schtasks /Run /TN Rectify
echo 已升级到 %VERSION%。要退回：停止程序，运行 "%TO%\rectify.bat" upgrade --back 升级时打印的备份，再把 rectify-before.bat 改名为 rectify.bat
