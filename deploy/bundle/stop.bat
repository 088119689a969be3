@rem Ending the task ends rectify.bat, not what it started.
@schtasks /End /TN Rectify >nul 2>&1
@taskkill /F /T /IM rectify.exe >nul 2>&1
@exit /b 0
