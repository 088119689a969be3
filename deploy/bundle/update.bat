@echo off
rem The ledger is backed up, then upgraded; the program before stays in its folder for the way back. Cut off, it is run again.
chcp 65001 >nul
setlocal
set "HERE=%~dp0"
set "TO=%LOCALAPPDATA%\Programs\Rectify"
for /f "usebackq" %%v in ("%HERE%VERSION") do set "VERSION=%%v"
if not exist "%TO%\rectify.bat" (echo 还没有装过，请运行 install.bat & exit /b 1)
findstr /L /C:"%VERSION%" "%TO%\rectify.bat" >nul && (echo 已经是 %VERSION% & exit /b 0)
call "%HERE%install.bat" update || exit /b 1
call "%HERE%stop.bat"
"%TO%\%VERSION%\Scripts\rectify" upgrade || (rmdir /s /q "%TO%\%VERSION%" & call "%HERE%start.bat" & exit /b 1)
copy /y "%TO%\rectify.bat" "%TO%\rectify-before.bat" >nul
>"%TO%\rectify.bat" echo @"%%~dp0%VERSION%\Scripts\rectify.exe" %%*
call "%HERE%start.bat"
echo 已升级到 %VERSION%。要退回：运行 stop.bat，再运行 "%TO%\rectify.bat" upgrade --back 升级时打印的备份，把 rectify-before.bat 改名为 rectify.bat，运行 start.bat
