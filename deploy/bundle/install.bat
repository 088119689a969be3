@echo off
rem Installs for the user who runs it, without network. Again with a newer archive: see update.bat.
chcp 65001 >nul
setlocal
set "HERE=%~dp0"
set "TO=%LOCALAPPDATA%\Programs\Rectify"
set /p VERSION=<"%HERE%VERSION"
set /p PYTHON=<"%HERE%PYTHON"
py -%PYTHON% -V >nul 2>&1 || (echo 请先安装 Python %PYTHON%（64 位，安装时勾选 py launcher），或换用与已装 Python 版本一致的安装包 & exit /b 1)
if exist "%TO%\rectify.bat" if not "%1"=="update" (echo 已经装过，请运行 update.bat & exit /b 1)
if exist "%TO%\%VERSION%" rmdir /s /q "%TO%\%VERSION%"
echo 正在安装到 %TO%\%VERSION% ……
py -%PYTHON% -m venv "%TO%\%VERSION%" || exit /b 1
pushd "%HERE%wheels"
"%TO%\%VERSION%\Scripts\python" -m pip install --quiet --disable-pip-version-check --no-index --find-links . --no-deps --require-hashes --requirement windows.txt || (popd & echo 安装包不完整，没有装好，请重新复制 & exit /b 1)
popd
if "%1"=="update" exit /b 0
"%TO%\%VERSION%\Scripts\rectify" setup || exit /b 1
call :command
schtasks /Create /F /TN Rectify /SC ONLOGON /TR "\"%TO%\rectify.bat\" up" || echo 没有登记登录时自动启动：请用管理员身份再运行一次，或把 %TO%\rectify.bat 放进“启动”文件夹
echo 已装好。现在启动：schtasks /Run /TN Rectify，或双击后运行 "%TO%\rectify.bat" up
exit /b 0

:command
>"%TO%\rectify.bat" echo @"%%~dp0%VERSION%\Scripts\rectify.exe" %%*
exit /b 0
